/** POST /rerank { query, documents } -> the documents by relevance: a Cloudflare Worker for whatever search you have. */
import { TogetherClient, TogetherError } from "@together-retrieval/core";
import { Hono } from "hono";

/** `npx wrangler secret put TOGETHER_API_KEY`; the model goes into `vars` of wrangler.jsonc. */
interface Env {
  TOGETHER_API_KEY: string;
  RERANK_MODEL: string;
  /** The address of your own endpoint, if requests do not go to Together AI. */
  TOGETHER_BASE_URL?: string;
}
const isText = (value: unknown) => typeof value === "string" && value.trim() !== "";
const app = new Hono<{ Bindings: Env }>();

app.post("/rerank", async (context) => {
  const body = await context.req.json().catch(() => undefined);
  if (!isText(body?.query) || !Array.isArray(body.documents) || !body.documents.every(isText)) {
    return context.json({ error: "Expected { query: string, documents: string[] }" }, 400);
  }
  const { TOGETHER_API_KEY: apiKey, TOGETHER_BASE_URL: baseURL, RERANK_MODEL: model } = context.env;
  // Each request gets a client of its own, because in a Worker one request must not wait for another's network calls.
  // Few retries and a short deadline, because nobody waits a minute for a search.
  const client = new TogetherClient({ apiKey, baseURL, timeoutMs: 20_000, maxRetries: 2 });
  const ranked = await client.rerank<string>(body.query, body.documents, { model, topN: 10 });
  return context.json(ranked.map(({ index, relevanceScore }) => ({ index, relevanceScore })));
});

app.onError((error, context) => {
  console.error(error); // for you: errors of the client hold neither the key nor the texts
  // Visitors must not learn anything about your account.
  return context.json({ error: "Reranking is not available" }, TogetherError.is(error) ? 502 : 500);
});

export default app;
