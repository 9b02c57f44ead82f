/** `npm run mutation`: code of core and adapters, changed in one place at a time -> which changes no test notices */
export default {
  mutate: ["packages/{core,langchain,llamaindex}/src/*.ts", "!**/*.{test,test-d}.ts"],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
  // Packages find each other through pnpm's links, which lead out of a copy: files are changed where they are, and put back.
  inPlace: true,
  allowEmpty: true,
  // Code that runs once when its module loads cannot be changed from test to test: each such change would need all tests.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 20_000,
  timeoutFactor: 4,
  reporters: ["clear-text", "json", "progress"],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: "coverage/mutation.json" },
  tempDirName: "coverage/stryker",
};
