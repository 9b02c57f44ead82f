import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("the example of a vitest `globalSetup` passes as users would run it", async () => {
  const args = ["node_modules/vitest/vitest.mjs", "run", "--root", "examples/vitest-local"];
  // Without what this run has set: the example's is a run of its own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")));
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...env, NO_COLOR: "1", CI: "1" },
  });
  expect(stdout).toMatch(/Tests {2}2 passed \(2\)/);
});
