/** The streamed answer as a process: the whole answer, and its first words before the rest. */
import { fileURLToPath } from "node:url";
import { startLocalServer } from "@together-retrieval/local";
import { expect, it } from "vitest";
import { patience, startExample } from "./run-example.ts";

const readme = fileURLToPath(new URL("README.md", import.meta.resolve("together-ai")));
const args = ["embedder", "reranker", "chat", readme, "How long does a request wait before it times out?"];

it("names its sources by file and lines, then answers", { timeout: patience }, async () => {
  const server = await startLocalServer({ port: 0 });
  const environment = { TOGETHER_BASE_URL: server.url, TOGETHER_API_KEY: "any" };
  const { code, stdout, stderr } = await startExample("streaming-answer.ts", args, environment).ended;
  await server.close();
  const [sources = "", answer] = stdout.split(/\n(?!\[)/);
  expect(stderr).toBe("");
  expect(sources).toMatch(/^\[1] .*README\.md:\d+-\d+\n\[2] /);
  expect(answer).not.toBe("");
  expect(stdout).toContain("Requests time out after 1 minute by default.");
  expect(code).toBe(0);
});

it("shows sources and the first words while the rest has not come", { timeout: patience }, async () => {
  // The server sends half of the stream, then nothing more.
  const rules = [{ fault: "stall", route: "chat" } as const];
  const server = await startLocalServer({ port: 0, faults: { rules } });
  const environment = { TOGETHER_BASE_URL: server.url, TOGETHER_API_KEY: "any" };
  const { child, output, ended } = startExample("streaming-answer.ts", args, environment);
  await expect
    .poll(() => output.stdout, { timeout: patience - 10_000 })
    .toMatch(/^\[1] [\s\S]*From the given/m);
  expect(child.exitCode).toBeNull();
  child.kill();
  await ended;
  await server.close();
});
