/** Every wire on a real socket: paths, shapes, limits and refusals as WireName's servers have them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalServer, startLocalServer, type WireName } from "./index.ts";

const documents = ["Bananas are yellow.", "The capital of France is Paris."];
const query = "Which city is the capital of France?";
const long = "word ".repeat(400);

let server: LocalServer;
async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(server.url).origin + path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return { status: response.status, body: type.includes("json") ? JSON.parse(text) : text, response };
}

async function get(path: string) {
  return (await fetch(new URL(path, server.url))).json();
}

function on(wire: WireName, tests: () => void) {
  describe(wire, () => {
    beforeAll(async () => {
      server = await startLocalServer({ wire, faults: {} });
    });
    afterAll(() => server.close());
    tests();
  });
}

on("tei", () => {
  test("stands at the root, needs no key and no model", async () => {
    expect(new URL(server.url).pathname).toBe("/");
    for (const path of ["/embeddings", "/v1/embeddings"]) {
      const { body } = await post(path, { input: "a", truncate: true });
      expect(body.data[0].embedding).toHaveLength(384);
    }
  });
  test("ranks `texts` at the root alone and answers with a bare array", async () => {
    const { body } = await post("/rerank", { query, texts: documents });
    expect(body).toEqual([
      { index: 1, score: expect.any(Number) },
      { index: 0, score: expect.any(Number) },
    ]);
    expect((await post("/v1/rerank", { query, texts: documents })).status).toBe(404);
    const raw = await post("/rerank", { query, texts: documents, raw_scores: true, return_text: true });
    expect(raw.body[0]).toMatchObject({ index: 1, text: documents[1] });
    expect(1 / (1 + Math.exp(-raw.body[0].score))).toBeCloseTo(body[0].score, 6);
  });
  test("does not read `documents`: 422 in plain text", async () => {
    const { status, body } = await post("/rerank", { query, documents });
    expect(status).toBe(422);
    expect(body).toContain("missing field `texts`");
  });
  test("takes 32 texts, and refuses 33 in its own words by route", async () => {
    const texts = Array.from({ length: 33 }, () => "a");
    const message = "batch size 33 > maximum allowed batch size 32";
    const embedded = await post("/embeddings", { input: texts });
    expect(embedded).toMatchObject({ status: 422, body: { message, code: 422, type: "Validation" } });
    const ranked = await post("/rerank", { query, texts });
    expect(ranked).toMatchObject({ status: 422, body: { error: message, error_type: "Validation" } });
    expect((await post("/embeddings", { input: texts.slice(1) })).status).toBe(200);
  });
  test("reads two megabytes, and 413 above", async () => {
    expect((await post("/embeddings", { input: "a".repeat(2_000_001) })).status).toBe(413);
  });
  test("says 424 and 429 in its own words", async () => {
    await post("/_faults", { rules: [{ fault: "status", status: 429, message: "Model is overloaded" }] });
    const { body } = await post("/embeddings", { input: "a" });
    expect(body).toEqual({ message: "Model is overloaded", code: 429, type: "Overloaded" });
    await post("/_faults", { rules: [{ fault: "status", status: 424, message: "no" }] });
    expect((await post("/rerank", { query, texts: documents })).body).toEqual({
      error: "no",
      error_type: "Backend",
    });
    await post("/_faults", { rules: [{ fault: "shuffled" }] });
    expect((await post("/rerank", { query, texts: documents })).body).toHaveLength(2);
    await post("/_faults", {});
    const [arrival] = (await get("/_requests")).slice(-1);
    expect(arrival).toMatchObject({ path: "/rerank", texts: 3 });
  });
});

on("vllm", () => {
  test("ranks under three paths, with the documents, and takes `top_n: 0` for all", async () => {
    for (const path of ["/rerank", "/v1/rerank", "/v2/rerank"]) {
      const { body } = await post(path, { model: "m", query, documents, top_n: 0, unknown: 1 });
      expect(body.results[0]).toMatchObject({ index: 1, document: { text: documents[1] } });
      expect(body.results).toHaveLength(2);
      expect(body.usage.prompt_tokens).toBeGreaterThan(0);
    }
  });
  test("refuses a text that is too long, and `dimensions`", async () => {
    const { status, body } = await post("/v1/embeddings", { model: "m", input: ["a", long] });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: "BadRequestError", param: "input_text", code: 400 });
    expect(body.error.message).toContain("maximum context length is 256 tokens");
    expect((await post("/v1/rerank", { model: "m", query, documents: [long] })).status).toBe(400);
    expect((await post("/v1/embeddings", { model: "m", input: "a", dimensions: 3 })).status).toBe(400);
  });
});

on("infinity", () => {
  test("takes 2048 texts, counts characters and has no documents", async () => {
    const { body } = await post("/embeddings", { model: "m", input: ["abcd", "ef"] });
    expect(body.usage).toEqual({ prompt_tokens: 6, total_tokens: 6 });
    const ranked = await post("/rerank", { model: "m", query, documents });
    expect(ranked.body.results[0]).toMatchObject({ index: 1, document: null });
    const many = await post("/embeddings", { model: "m", input: Array.from({ length: 2049 }, () => "a") });
    expect(many).toMatchObject({
      status: 422,
      body: { detail: [{ type: "too_long", loc: ["body", "input"] }] },
    });
  });
});

on("llama.cpp", () => {
  test("answers with nested vectors at the root, and with logits", async () => {
    const { body } = await post("/embeddings", { input: ["a"] });
    expect(body[0].embedding[0]).toHaveLength(384);
    const ranked = await post("/rerank", { query, documents: [...documents, "-"] });
    expect(ranked.body.results.at(-1).relevance_score).toBeLessThan(0);
  });
  test("calls a text that is too long a 500", async () => {
    const { status, body } = await post("/v1/embeddings", { input: long });
    expect(status).toBe(500);
    expect(body.error).toMatchObject({ code: 500, type: "server_error" });
    expect(body.error.message).toMatch(/^input \(402 tokens\) is too large to process/);
  });
});

on("litellm", () => {
  test("refuses `encoding_format`, with strings for null", async () => {
    const asked = { model: "m", input: "a", encoding_format: "base64" };
    const { status, body, response } = await post("/embeddings", asked);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: "None", param: "None", code: "400" });
    expect(body.error.message).toContain("Setting user/encoding format is not supported");
    expect(response.headers.get("x-litellm-call-id")).toBeTruthy();
  });
  test("counts a ranking's tokens under `meta`", async () => {
    const { body } = await post("/v2/rerank", { model: "m", query, documents });
    expect(body.usage).toBeUndefined();
    expect(body.meta.tokens.input_tokens).toBeGreaterThan(0);
  });
});

on("sglang", () => {
  test("sends floats whatever was asked, and ranks in a bare array with tokens in it", async () => {
    const { body } = await post("/v1/embeddings", { model: "m", input: "a", encoding_format: "base64" });
    expect(body.data[0].embedding).toHaveLength(384);
    const ranked = await post("/v1/rerank", { model: "m", query, documents });
    expect(ranked.body[0]).toMatchObject({ index: 1, document: null });
    expect(ranked.body[0].meta_info.prompt_tokens).toBeGreaterThan(0);
    expect((await post("/v1/embeddings", { model: "m", input: long })).body.object).toBe("error");
  });
});

test("sglang refuses a blank text, and a blank document, by its index", async () => {
  server = await startLocalServer({ wire: "sglang" });
  for (const [path, body] of [
    ["/v1/embeddings", { model: "m", input: ["a", " "] }],
    ["/v1/rerank", { model: "m", query, documents: ["a", ""] }],
  ] as const) {
    const { status, body: said } = await post(path, body);
    expect([status, said.message]).toEqual([400, "Input at index 1 cannot be empty"]);
  }
  await server.close();
});

on("voyage", () => {
  const key = { authorization: "Bearer any" };
  test("asks for a key, ranks under `data` by `top_k`, and refuses `top_n`", async () => {
    expect((await post("/v1/rerank", { model: "m", query, documents })).status).toBe(401);
    const { body } = await post("/v1/rerank", { model: "m", query, documents, top_k: 1 }, key);
    expect(body.data).toEqual([{ index: 1, relevance_score: expect.any(Number) }]);
    expect(Object.keys(body.usage)).toEqual(["total_tokens"]);
    const refused = await post("/v1/rerank", { model: "m", query, documents, top_n: 1 }, key);
    expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining("top_n") } });
  });
});

test("`GET /` says that the server works, and its base URL", async () => {
  server = await startLocalServer({ wire: "vllm" });
  const answer = await (await fetch(new URL("/", server.url))).json();
  expect(answer).toMatchObject({ baseURL: server.url, routes: expect.arrayContaining(["/v2/rerank"]) });
  await server.close();
});

test("a key that was set is asked for on every wire", async () => {
  server = await startLocalServer({ wire: "tei", apiKey: "secret" });
  expect(await post("/embeddings", { input: "a" })).toMatchObject({ status: 401, body: "" });
  expect((await post("/embeddings", { input: "a" }, { authorization: "Bearer secret" })).status).toBe(200);
  await server.close();
});

test("an unknown wire is refused with the known ones", async () => {
  // @ts-expect-error: the name is not one of the known ones
  await expect(startLocalServer({ wire: "openai" })).rejects.toThrow(/`wire` to be one of together, tei/);
});
