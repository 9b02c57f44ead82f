import { describe, expect, test } from "vitest";
import { checkNames, checkPaths, checkSecrets, type Files } from "./contents.ts";

const good = {
  "package.json": "{}",
  "README.md": "# A package",
  LICENSE: "MIT",
  "dist/index.js": "export {};",
};

function tarball(more: Record<string, string> = {}): Files {
  return new Map(Object.entries({ ...good, ...more }).map(([name, text]) => [name, Buffer.from(text)]));
}

describe("a tarball", () => {
  test("that is as it should be passes", async () => {
    expect(checkNames(tarball())).toBe("4 files");
    checkPaths(tarball());
    await checkSecrets(tarball(), {});
  });

  test.each(["package.json", "README.md", "LICENSE"])("is refused without %s", (name) => {
    const files = new Map(tarball());
    files.delete(name);
    expect(() => checkNames(files)).toThrow(name);
  });

  test.each([
    "src/index.ts",
    "dist/index.test.js",
    "dist/types.test-d.ts",
    "dist/index.js.map",
    ".env",
    "dist/.cache/x",
    "tsup.config.ts",
    "bench/load.js",
  ])("is refused with %s", (name) => {
    expect(() => checkNames(tarball({ [name]: "" }))).toThrow(name);
  });

  test.each([
    "/home/somebody/project",
    "/Users/somebody/project",
    "C:\\Users\\somebody",
    "file:///srv/project",
  ])("is refused with a path of a machine: %s", (path) => {
    expect(() => checkPaths(tarball({ "dist/index.js": `import "${path}/a.js"` }))).toThrow("dist/index.js");
  });

  // Put together here, so that no scanner takes this file for a leak.
  test.each([
    ["an npm token", `npm_${"a1B2c3".repeat(6)}`],
    ["a GitHub token", `ghp_${"a1B2c3".repeat(6)}`],
    ["a Together key", `tgp_v1_${"a1B2c3".repeat(6)}`],
    [
      "a private key",
      `-----BEGIN ${"RSA PRIVATE KEY"}-----\n${"MIIEpAIBAAKCAQEA".repeat(40)}\n-----END ${"RSA PRIVATE KEY"}-----`,
    ],
  ])("is refused with %s, which is not shown", async (_, secret) => {
    const refusal = checkSecrets(tarball({ "dist/index.js": `const key = \`${secret}\`;\n` }), {});
    await expect(refusal).rejects.toThrow("dist/index.js");
    await expect(refusal).rejects.not.toThrow(secret);
  });

  test("is refused with a secret of the environment that it was built in, in weights too", async () => {
    const secret = "correct horse battery staple";
    const files = tarball({ "dist/model.onnx": `\0${secret}\0` });
    await expect(checkSecrets(files, { SOME_TOKEN: secret })).rejects.toThrow(/model\.onnx .*SOME_TOKEN/);
    await expect(checkSecrets(files, { SOME_NAME: secret })).resolves.toBeUndefined();
  });
});
