/** app/api/search/route.ts of Next.js: POST { question } -> the best passages. It stops when the client disconnects. */
import { TogetherApiError, TogetherClient } from "@together-retrieval/core";

const passages = [
  "Invoices are due within thirty days.",
  "The office is closed on public holidays.",
  "Parcels leave Rotterdam every morning.",
  "Passwords have at least twelve characters.",
];
let client: TogetherClient | undefined; // made by the first request: `next build` loads this file without a key
let vectors: number[][] | undefined; // of the passages; nothing is kept of a request that failed

export async function POST(request: Request): Promise<Response> {
  const { signal } = request; // without it the searches of readers who left would go on, and be paid for
  const question = (await request.json().catch(() => undefined))?.question;
  if (typeof question !== "string") return refuse(400, "Expected { question: string }");
  const model = process.env.EMBEDDING_MODEL ?? "";
  try {
    client ??= new TogetherClient({ timeoutMs: 20_000, maxRetries: 2, maxRetryWaitMs: 2_000 });
    vectors ??= await client.embed(passages, { model, normalize: true });
    const asQuery = { model, normalize: true, inputType: "query", signal } as const;
    const [query = []] = await client.embed([question], asQuery);
    const cosines = vectors.map((vector) => vector.reduce((sum, x, i) => sum + x * (query[i] ?? 0), 0));
    const order = [...passages.keys()].sort((a, b) => (cosines[b] ?? 0) - (cosines[a] ?? 0));
    const candidates = order.slice(0, 20).map((i) => passages[i] ?? "");
    const ranked = { model: process.env.RERANK_MODEL ?? "", topN: 3, signal };
    return Response.json(await client.rerank(question, candidates, ranked));
  } catch (error) {
    if (signal.aborted) return new Response(null, { status: 499 }); // nobody reads it
    console.error(error); // for you: errors of the client hold neither the key nor the texts
    // Visitors must not learn anything about your account.
    if (!TogetherApiError.is(error) || error.status !== 429) return refuse(502, "Search is not available");
    const seconds = Math.ceil((error.retryAfterMs ?? 1_000) / 1_000);
    return refuse(503, "Too many searches", { "retry-after": `${seconds}` });
  }
}

const refuse = (status: number, error: string, headers = {}) => Response.json({ error }, { status, headers });
