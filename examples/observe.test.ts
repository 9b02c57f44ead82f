/** The observers on a client's `onRequest`, with OpenTelemetry's own SDK and Prometheus' own registry. */
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { type RequestEvent, TogetherClient } from "@together-retrieval/core";
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import { startLocalServer } from "@together-retrieval/local";
import { Registry } from "prom-client";
import { expect, it, onTestFinished, vi } from "vitest";
import { toLog, toMetrics, toSpan } from "./observe.ts";

async function start(onRequest: (event: RequestEvent) => void) {
  const faults = { rules: [{ fault: "status", status: 503, nth: 1 } as const] };
  const server = await startLocalServer({ faults });
  onTestFinished(() => server.close());
  const client = new TogetherClient({ apiKey: "the-key", baseURL: server.url, onRequest });
  return { client, embeddings: new TogetherEmbeddings({ client, model: "a-model" }) };
}

it("gives a span for each attempt, under the span of the caller", { timeout: 60_000 }, async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  onTestFinished(() => provider.shutdown());
  const tracer = provider.getTracer("test");
  const { embeddings } = await start(toSpan(tracer));
  await tracer.startActiveSpan("index", async (span) => {
    await embeddings.embedDocuments(["one", "two"]);
    span.end();
  });
  const [failed, answered, index] = exporter.getFinishedSpans();
  expect(failed).toMatchObject({ name: "embeddings", status: { code: 2 } });
  expect(failed?.attributes).toMatchObject({
    "http.response.status_code": 503,
    "error.type": "TogetherApiError",
  });
  expect(answered?.attributes).toMatchObject({
    "gen_ai.operation.name": "embeddings",
    "gen_ai.request.model": "a-model",
    "http.request.resend_count": 1,
    "http.response.status_code": 200,
    "together.texts": 2,
  });
  expect(answered?.attributes["gen_ai.usage.input_tokens"]).toBeGreaterThan(0);
  expect([failed, answered].map((span) => span?.parentSpanContext?.spanId)).toEqual(
    Array(2).fill(index?.spanContext().spanId),
  );
});

it("counts attempts and tokens for Prometheus, and writes lines without texts and keys", {
  timeout: 60_000,
}, async () => {
  const registry = new Registry();
  const log = vi.spyOn(console, "log").mockReturnValue(undefined);
  onTestFinished(() => log.mockRestore());
  const count = toMetrics(registry);
  const { client } = await start((event) => {
    count(event);
    toLog(event);
  });
  await client.rerank("a question", ["a document"], { model: "a-reranker" });
  const text = await registry.metrics();
  expect(text).toMatch(/together_request_seconds_count\{kind="rerank",model="a-reranker",status="503"\} 1/);
  expect(text).toMatch(/together_tokens\{kind="rerank",model="a-reranker",status="200"\} \d+/);
  const lines = log.mock.calls.join("\n");
  expect(lines.split("\n")).toHaveLength(2);
  expect(lines).not.toMatch(/a question|a document|the-key/);
});
