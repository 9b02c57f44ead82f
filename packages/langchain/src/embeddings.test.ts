import { Embeddings } from "@langchain/core/embeddings";
import { type Answer, answer, page, refuse } from "@together-retrieval/test-server/answers";
import { backwards, byWords, embed, serve } from "@together-retrieval/test-server/by-words";
import { expect, test, vi } from "vitest";
import { TogetherApiError, TogetherClient, TogetherEmbeddings, TogetherResponseError } from "./index.ts";

async function start(behaviour?: Answer) {
  const server = await serve(behaviour);
  const options = { apiKey: "test-key", baseURL: server.baseURL, model: "embedder" };
  return { server, options, embeddings: new TogetherEmbeddings(options) };
}

const manyTexts = Array.from({ length: 1_000 }, (_, at) => `text number ${at}`);

test("a thousand texts are ten requests, and vector i belongs to text i", async () => {
  const { server, embeddings } = await start();
  const vectors = await embeddings.embedDocuments(manyTexts);
  expect(vectors).toEqual(manyTexts.map(embed));
  expect(server.requests).toHaveLength(10);
});

test("an answer in another order still gives each text its own vector", async () => {
  const { embeddings } = await start(backwards);
  expect(await embeddings.embedDocuments(["a", "b", "c"])).toEqual(["a", "b", "c"].map(embed));
});

test.each([
  ["null vectors", { data: [{ index: 0, embedding: null }] }],
  ["vectors of nothing", { data: [{ index: 0, embedding: [] }] }],
  ["no vectors", { data: [] }],
  ["an HTML page", "<html><title>Bad gateway</title></html>"],
])("%s in a good answer reject, they never come back as vectors", async (_, body) => {
  const { embeddings } = await start(answer(200, body));
  await expect(embeddings.embedDocuments(["text"])).rejects.toBeInstanceOf(TogetherResponseError);
});

test("a failed batch rejects the whole call", async () => {
  const { embeddings } = await start((request, reply) =>
    (request.inputs.includes("text number 7") ? answer(403, {}) : byWords)(request, reply),
  );
  await expect(embeddings.embedDocuments(manyTexts)).rejects.toMatchObject({ status: 403 });
});

test("a page of a proxy is an error that says so", async () => {
  const { options } = await start(page(502));
  const embeddings = new TogetherEmbeddings({ ...options, maxRetries: 0 });
  await expect(embeddings.embedQuery("text")).rejects.toThrow(/502.*HTML page, "Bad gateway"/);
});

test("a wrong key is refused after one request", async () => {
  const { server, embeddings } = await start(refuse(401));
  const error = await embeddings.embedQuery("text").catch((thrown: unknown) => thrown);
  expect(TogetherApiError.is(error) && error.status).toBe(401);
  expect(server.requests).toHaveLength(1);
});

test("requests are repeated by the core alone: the base class's caller stays unused", async () => {
  const { server, options } = await start(answer(500, {}));
  const embeddings = new TogetherEmbeddings({ ...options, maxRetries: 1, maxRetryWaitMs: 1 });
  const call = vi.spyOn(embeddings.caller, "call");
  await expect(embeddings.embedQuery("text")).rejects.toMatchObject({ status: 500 });
  expect(server.requests).toHaveLength(2);
  expect(call).not.toHaveBeenCalled();
});

test("a query gets the model's query prompt, documents none", async () => {
  const { server, options } = await start();
  const embeddings = new TogetherEmbeddings({ ...options, profile: { queryPrompt: "Query: " } });
  await embeddings.embedQuery("where?");
  await embeddings.embedDocuments(["here"]);
  expect(server.requests.map(({ body }) => body.input)).toEqual([["Query: where?"], ["here"]]);
});

test("the options reach the wire", async () => {
  const { server, options } = await start();
  await new TogetherEmbeddings({ ...options, batchSize: 2 }).embedDocuments(["a", "b", "c"]);
  expect(server.requests).toHaveLength(2);
  expect(server.requests[0]).toMatchObject({
    headers: { authorization: "Bearer test-key" },
    body: { model: "embedder" },
  });
});

test("embeddings of one client share its usage", async () => {
  const { options } = await start();
  const { model, ...clientOptions } = options;
  const client = new TogetherClient(clientOptions);
  await new TogetherEmbeddings({ model, client }).embedQuery("a");
  await new TogetherEmbeddings({ model: "other", client }).embedQuery("b");
  expect(Object.keys(client.usage.byModel)).toEqual(["embedder", "other"]);
});

test("onProgress is told of every text", async () => {
  const { options } = await start();
  const seen: number[] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
  await new TogetherEmbeddings({ ...options, batchSize: 250 }).embedDocuments(manyTexts, { onProgress });
  expect(seen).toHaveLength(1_000);
  expect(seen.at(-1)).toBe(1);
});

test("the model's name can be read, as the namespace of a cache", async () => {
  const { embeddings } = await start();
  expect(embeddings.model).toBe("embedder");
  expect(embeddings).toBeInstanceOf(Embeddings);
});

test.each([
  [{}, /Expected `model` to be a non-empty string/],
  [{ model: "m", batchSize: 0 }, /Expected `batchSize` to be an integer from 1 up, got `0`/],
  [{ model: "m", inputType: "query" }, /Unknown option `inputType`/],
  [{ model: "m", stripNewLines: true }, /Unknown option `stripNewLines`/],
  [{ model: "m", signal: new AbortController().signal }, /Unknown option `signal`/],
  [undefined, /Expected `options` to be an object/],
])("options %o are refused with the name of the one at fault", (options, message) => {
  const withKey = options && { apiKey: "test-key", ...options };
  // The types forbid this, but JavaScript callers can write it.
  expect(() => new TogetherEmbeddings(withKey as never)).toThrow(
    expect.objectContaining({ name: "TypeError" }),
  );
  expect(() => new TogetherEmbeddings(withKey as never)).toThrow(message);
});

test("a call refuses options that it would have to ignore", async () => {
  const { server, embeddings } = await start();
  await expect(embeddings.embedDocuments(["a"], { inputType: "query" } as never)).rejects.toThrow(
    "Unknown option `inputType`: whether a text is a query follows from the method that you call",
  );
  await expect(embeddings.embedQuery("a", { onProgress() {} } as never)).rejects.toThrow(
    "Unknown option `onProgress`: expected one of signal",
  );
  expect(server.requests).toHaveLength(0);
});

test("an input that is not a string is a TypeError that names its index", async () => {
  const { embeddings } = await start();
  await expect(embeddings.embedDocuments(["a", 7 as never])).rejects.toThrow(
    new TypeError("Expected `texts[1]` to be a string, got a number"),
  );
});
