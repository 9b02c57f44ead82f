/** Servers that are slow, refuse or disappear: the page says what went wrong where it happened, and removes the notice when it is over. */
import { type LocalServer, startLocalServer } from "@together-retrieval/local";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { docsFolder, island } from "../server/island.ts";
import { type RunningPlayground, startPlayground } from "../server/start-playground.ts";
import { openBrowser, patience, Visitor } from "./visitor.ts";

let docs: Awaited<ReturnType<typeof docsFolder>>;
let server: LocalServer;
let playground: RunningPlayground;
let browser: Browser;
let visitor: Visitor;

/** The playground calls the local server as it would call the real API. */
function start(port: string): Promise<RunningPlayground> {
  const models = ["--embedding-model", "embedder", "--rerank-model", "ranker"];
  return startPlayground(["--live", ...models, "--docs", docs.folder, "--port", port], {
    TOGETHER_API_KEY: "the-users-key",
    TOGETHER_BASE_URL: server.url,
  });
}

beforeAll(async () => {
  docs = await docsFolder(island);
  server = await startLocalServer({ faults: {}, apiKey: "the-users-key" });
  [playground, browser] = await Promise.all([start("0"), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await playground?.interrupt();
  await server?.close();
  await docs?.remove();
});
beforeEach(async () => {
  await misbehave({});
  visitor = await Visitor.come(browser, playground.url);
  return () => visitor.leave();
});

async function misbehave(faults: object): Promise<void> {
  const headers = { authorization: "Bearer the-users-key" };
  const body = JSON.stringify(faults);
  const answer = await fetch(new URL("/_faults", server.url), { method: "POST", headers, body });
  expect(answer.status).toBe(200);
}

const price = "What does a ticket cost?";
const column = (name: "By vector" | "Reranked") => visitor.page.getByRole("region", { name });
const alertIn = (name: "By vector" | "Reranked") => column(name).getByRole("alert");

describe("a slow server", () => {
  it("leaves the candidates to be read while the reranker is awaited", async () => {
    await visitor.ask(price);
    await misbehave({ rules: [{ fault: "drip", route: "rerank", ms: 600_000 }] });
    await visitor.question.fill("When is the lighthouse open?");
    await column("Reranked").locator(".skeleton").waitFor();
    expect((await visitor.read("candidates"))[0]?.source).toMatch(/^lighthouse\.md:/);
    expect(await visitor.list("ranking").count()).toBe(0);
    // A newer question does not wait for the older one's answer.
    await misbehave({});
    await visitor.question.fill("Where do dogs wait?");
    await visitor.seeAnswer();
    expect((await visitor.read("ranking"))[0]?.source).toMatch(/^ferry\.md:/);
  });
});

describe("a failing server", () => {
  it("that limits says so, and is asked again until it answers", async () => {
    const limit = {
      fault: "status",
      status: 429,
      route: "rerank",
      nth: [1, 2],
      headers: { "retry-after": "2" },
    };
    await misbehave({ rules: [limit] });
    await visitor.question.fill(price);
    const retry = column("Reranked").getByText(/Trying again in 2\.0 s/);
    await retry.waitFor();
    await visitor.seeAnswer();
    expect(await retry.count()).toBe(0);
    expect(await visitor.page.locator(".costs").textContent()).toContain("2 repeated");
  });

  it("that has no such reranker is quoted on the right; the candidates stay", async () => {
    const rule = { fault: "status", status: 400, code: "model_not_available", route: "rerank" };
    await misbehave({ rules: [rule] });
    await visitor.question.fill(price);
    await alertIn("Reranked").waitFor();
    expect(await alertIn("Reranked").textContent()).toMatch(/model_not_available.*dedicated endpoint/s);
    expect(await visitor.list("candidates").count()).toBeGreaterThan(5);
    await misbehave({});
    await alertIn("Reranked").getByRole("button", { name: "Try again" }).click();
    await visitor.seeAnswer();
    expect(await alertIn("Reranked").count()).toBe(0);
  });

  it("that refuses the key is quoted on the left, without the key; nothing of an older question stays", async () => {
    await visitor.ask(price);
    const rule = { fault: "status", status: 401, code: "invalid_api_key", route: "embeddings" };
    await misbehave({ rules: [rule] });
    await visitor.question.fill("Where do dogs wait?");
    await alertIn("By vector").waitFor();
    expect(await alertIn("By vector").textContent()).toContain("TOGETHER_API_KEY");
    expect(await visitor.page.content()).not.toContain("the-users-key");
    expect(await visitor.list("candidates").count()).toBe(0);
    expect(await visitor.list("ranking").count()).toBe(0);
  });

  it("that answers with a page of HTML, or cuts its answer, is a failure and no wrong result", async () => {
    await misbehave({ rules: [{ fault: "short", route: "rerank" }] });
    await visitor.question.fill(price);
    await alertIn("Reranked").waitFor();
    expect(await visitor.list("ranking").count()).toBe(0);
    await misbehave({ rules: [{ fault: "html", status: 502, route: "embeddings" }] });
    await visitor.question.fill("Where do dogs wait?");
    await alertIn("By vector").waitFor();
    expect(await alertIn("By vector").textContent()).toMatch(/502/);
  });
});

describe("a playground that is stopped and started", () => {
  it("is missed at once, found again, and asked again", async () => {
    await visitor.ask(price);
    const before = await visitor.read("ranking");
    const { port } = new URL(playground.url);
    expect(await playground.interrupt()).toBe(0);
    const notice = visitor.page.getByText("The playground's server does not answer.");
    await notice.first().waitFor();
    playground = await start(port);
    await notice.first().waitFor({ state: "detached" });
    await expect.poll(() => visitor.read("ranking"), { timeout: patience }).toEqual(before);
  });

  it("whose API is refused at the start shows why, and tries again when told to", async () => {
    await playground.interrupt();
    await misbehave({
      rules: [{ fault: "status", status: 403, route: "embeddings", message: "not for you" }],
    });
    playground = await start(new URL(playground.url).port);
    await visitor.page.getByText("There is no index of embedder.").waitFor();
    expect(playground.output().stderr).toMatch(/^embedder: The API answered 403: not for you/);
    await misbehave({});
    await visitor.page.getByRole("button", { name: "Try again" }).click();
    await visitor.ask(price);
  });
});
