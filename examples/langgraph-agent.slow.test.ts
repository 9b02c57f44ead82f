/** The agent as a process: it searches and answers, and Ctrl-C ends a search in progress. */
import { fileURLToPath } from "node:url";
import { startLocalServer } from "@together-retrieval/local";
import { expect, it } from "vitest";
import { patience, requestsOf, startExample } from "./run-example.ts";

const readme = fileURLToPath(new URL("README.md", import.meta.resolve("together-ai")));
const args = ["a-reranker", "a-chat", readme, "How long does a request wait before it times out?"];

it("searches with its tool, then answers from what was found", { timeout: patience }, async () => {
  const server = await startLocalServer({ port: 0, faults: {} });
  const environment = { TOGETHER_BASE_URL: server.url, TOGETHER_API_KEY: "any" };
  const { code, stdout, stderr } = await startExample("langgraph-agent.ts", args, environment).ended;
  const paths = (await requestsOf(server)).map(({ path }) => path);
  await server.close();
  expect(stderr).toBe("");
  expect(stdout).toContain("Requests time out after 1 minute by default.");
  expect(paths).toEqual(["/v1/rerank", "/v1/chat/completions"]);
  expect(code).toBe(0);
});

it("ends by itself when stopped half way: the answer that never comes is not waited for", {
  timeout: patience,
}, async () => {
  const rules = [{ fault: "stall", route: "rerank" } as const];
  const server = await startLocalServer({ port: 0, faults: { rules } });
  const environment = { TOGETHER_BASE_URL: server.url, TOGETHER_API_KEY: "any" };
  const agent = startExample("langgraph-agent.ts", args, environment);
  await expect
    .poll(() => requestsOf(server), { timeout: patience - 10_000 })
    .toMatchObject([{ path: "/v1/rerank" }]);
  agent.child.kill("SIGINT");
  const { code, stdout, stderr } = await agent.ended;
  const requests = await requestsOf(server);
  await server.close();
  expect(stderr).toBe("");
  expect(stdout).toBe("Stopped: the request that was out is ended, and no other begins.\n");
  expect(requests).toHaveLength(1);
  expect(code).toBe(0);
});
