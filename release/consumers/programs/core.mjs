/** The core in use: vectors in order, a stream, ranking, one error of each kind, an abort. */
import {
  TogetherApiError,
  TogetherClient,
  TogetherConnectionError,
  TogetherError,
} from "@together-retrieval/core";
import { apiKey, model, notes, question } from "./notes.mjs";
import { rejection, same } from "./same.mjs";

export async function check(baseURL) {
  const client = new TogetherClient({ apiKey, baseURL });
  const texts = Array.from({ length: 30 }, (_, index) => `${notes[index % 3]}, page ${index}`);

  const vectors = await client.embed(texts, { model, batchSize: 7 });
  same("vectors", [vectors.length, vectors[29]?.length], [30, 384]);
  const [last] = await client.embed([texts[29]], { model, encodingFormat: "base64" });
  same("the last text's vector", cosine(last, vectors[29]) > 0.9999, true);

  const streamed = [];
  for await (const { index } of client.embedStream(texts, { model, batchSize: 4 })) streamed.push(index);
  same(
    "the stream's order",
    streamed,
    texts.map((_, index) => index),
  );

  const [best, ...others] = await client.rerank(question, notes, { model, topN: 2 });
  same("the best document", [best.index, best.document, others.length], [0, notes[0], 1]);
  same("usage", [client.usage.promptTokens > 0, client.usage.retries], [true, 0]);
  await refuses(client, baseURL);
}

async function refuses(client, baseURL) {
  const lost = new TogetherClient({ apiKey, baseURL: `${baseURL}/nowhere` });
  const refused = await rejection("a wrong address", lost.embed(notes, { model }));
  same("the error of a wrong address", [refused.name, refused.status], ["TogetherApiError", 404]);
  same("its class", [refused instanceof TogetherApiError, TogetherError.is(refused)], [true, true]);

  const unreachable = new TogetherClient({ apiKey, baseURL: "http://127.0.0.1:1/v1", maxRetries: 0 });
  const unanswered = await rejection("a closed port", unreachable.embed(notes, { model }));
  same("the error of a closed port", TogetherConnectionError.is(unanswered), true);

  const controller = new AbortController();
  const pending = client.embed(notes, { model, signal: controller.signal });
  controller.abort();
  same("the error of an abort", (await rejection("an abort", pending)).name, "AbortError");
}

function cosine(a, b) {
  const dot = (x, y) => x.reduce((sum, value, index) => sum + value * y[index], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
