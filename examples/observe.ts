/** Every attempt -> an OpenTelemetry span by the gen_ai conventions, Prometheus metrics, and a line of log. */
import { SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { RequestEvent } from "@together-retrieval/core";
import { Counter, Histogram, type Registry } from "prom-client";

export function toSpan(tracer: Tracer) {
  return ({ kind, model, attempt, texts, tokens, waitMs, start, end, status, error }: RequestEvent): void => {
    const operation = kind === "embed" ? "embeddings" : "rerank";
    const attributes = {
      ...{ "gen_ai.operation.name": operation, "gen_ai.provider.name": "together" },
      "gen_ai.request.model": model,
      "gen_ai.usage.input_tokens": tokens,
      "http.request.resend_count": attempt - 1,
      "http.response.status_code": status,
      "error.type": error,
      ...{ "together.texts": texts, "together.wait_ms": waitMs },
    };
    const span = tracer.startSpan(operation, { kind: SpanKind.CLIENT, startTime: start, attributes });
    if (error) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(end);
  };
}

export function toMetrics(registry: Registry) {
  const [labelNames, registers] = [["kind", "model", "status"], [registry]];
  const seconds = new Histogram({
    name: "together_request_seconds",
    help: "Attempts",
    labelNames,
    registers,
  });
  const tokens = new Counter({ name: "together_tokens", help: "Prompt tokens", labelNames, registers });
  return ({ kind, model, status = 0, start, end, ...event }: RequestEvent): void => {
    seconds.observe({ kind, model, status }, (end - start) / 1_000);
    tokens.inc({ kind, model, status }, event.tokens ?? 0);
  };
}

export const toLog = (event: RequestEvent): void => console.log(JSON.stringify(event));
