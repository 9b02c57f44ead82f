import { embeddings, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { ask, startKeeper } from "./keeper.ts";

describe("the keeper of answers", () => {
  it("asks for each text once, whoever asks and however often, and answers backwards", async ({ server }) => {
    server.always(embeddings((body) => ({ ...body, data: body.data.toReversed() })));
    const keeper = await startKeeper({ url: server.baseURL, apiKey: "key" });
    const embed = (...input: string[]) => ask(keeper, "/embeddings", { model: "m", input });
    const [first] = await Promise.all([embed("a", "b", "a"), embed("b", "c")]);
    await embed("c", "a");
    expect(first.data.map(({ index }: { index: number }) => index)).toEqual([2, 1, 0]);
    expect(first.data[1].embedding).toEqual(vectorOf("b"));
    expect(server.requests.flatMap(({ inputs }) => inputs).sort()).toEqual(["a", "b", "c"]);
    expect(keeper.asked).toEqual({ texts: 3, pairs: 0 });
    await keeper.close();
  });

  it("asks for each pair once", async ({ server }) => {
    const keeper = await startKeeper({ url: server.baseURL, apiKey: "key" });
    const rerank = (query: string, ...documents: string[]) =>
      ask(keeper, "/rerank", { model: "m", query, documents });
    await rerank("q", "a", "b");
    const { results } = await rerank("q", "b", "c");
    await rerank("other", "a");
    expect(results.map(({ index }: { index: number }) => index)).toEqual([1, 0]);
    expect(server.requests.map(({ body }) => body.documents)).toEqual([["a", "b"], ["c"], ["a"]]);
    await keeper.close();
  });

  it("lets a refusal through, with its wait, and asks again after it", async ({ server }) => {
    const keeper = await startKeeper({ url: server.baseURL, apiKey: "key" });
    server.script(refuse(429, { message: "slow down" }, { "retry-after": "7" }));
    const body = JSON.stringify({ model: "m", input: ["a"] });
    const refused = await fetch(`${keeper.url}/embeddings`, { method: "POST", body });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("7");
    expect(await refused.text()).toContain("slow down");
    expect((await fetch(`${keeper.url}/embeddings`, { method: "POST", body })).status).toBe(200);
    await keeper.close();
  });
});
