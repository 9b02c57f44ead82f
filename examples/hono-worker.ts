/** POST /rerank { query, documents } -> the documents by relevance: a Cloudflare Worker for whatever search you have. */
import { TogetherClient, TogetherError } from "@together-retrieval/core";
import { Hono } from "hono";

/** `npx wrangler secret put TOGETHER_API_KEY`; the model goes into `vars` of wrangler.jsonc. */
interface Env {
  TOGETHER_API_KEY: string;
  RERANK_MODEL: string;
  /** Where requests go, if not to Together AI: an endpoint of your own. */
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
  // A client for each request: in a Worker one request may not wait for the network on behalf of another.
  // Few retries and a short deadline: nobody waits a minute for a search.
  const client = new TogetherClient({ apiKey, baseURL, timeoutMs: 20_000, maxRetries: 2 });
  const ranked = await client.rerank<string>(body.query, body.documents, { model, topN: 10 });
  return context.json(ranked.map(({ index, relevanceScore }) => ({ index, relevanceScore })));
});

app.onError((error, context) => {
  console.error(error); // for you: errors of the client hold neither the key nor the texts
  // For them: nothing about your account.
  return context.json({ error: "Reranking is not available" }, TogetherError.is(error) ? 502 : 500);
});

export default app;
