/** What is said where the optional packages of a queue are not installed. */
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { orInstall } from "./load-queue.ts";

const require = createRequire(import.meta.url);
const esm = { code: "ERR_MODULE_NOT_FOUND" };

test.each<[string, () => Promise<unknown>]>([
  ["a require", async () => require("bullmq-that-is-not-installed")],
  ["an import", async () => Promise.reject(Object.assign(new Error("Cannot find package 'ioredis'"), esm))],
])("%s of a package that is missing says what to install", async (_, load) => {
  await expect(orInstall(load())).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("npm install bullmq ioredis"),
  });
});

test("any other failure of the module is told as it is", async () => {
  const failure = new Error("bullmq is broken");
  await expect(orInstall(Promise.reject(failure))).rejects.toBe(failure);
});
