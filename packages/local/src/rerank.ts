/** a query and documents -> the inference thread -> a rerank answer, best first */
import type { Context } from "hono";
import { readRerank } from "./arguments.ts";
import type { Env } from "./arrivals.ts";
import { asJson } from "./json.ts";
import { checkItems, checkLengths } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";

/** `POST /v1/rerank`. */
export async function rerank(context: Context<Env>, service: Service): Promise<Response> {
  const { wire } = service;
  const body = readRerank(context.get("body"), wire);
  const { model = service.modelName, query, documents, top_n, rank_fields } = body;
  const texts = documents.map((document) => textOf(document, rank_fields));
  checkItems(texts, wire);
  await checkLengths(texts, context, service);
  const { scores, tokens } = await service.thread.rerank(query, texts, context.req.raw.signal);
  const withTexts = Boolean(body.return_documents || body.return_text);
  const results = documents
    .map((document, index) => ({
      index,
      score: wire.logits || body.raw_scores ? logit(scores[index] ?? 0) : (scores[index] ?? 0),
      text: withTexts ? asText(document) : (texts[index] ?? ""),
    }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, top_n || undefined);
  return context.json(wire.ranking({ id: context.get("arrival").id, model, results, tokens, withTexts }));
}

/** The inverse of the sigmoid, for scores that may stand at its ends. */
function logit(score: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, score));
  return Math.log(inside / (1 - inside));
}

/** What is ranked: the text, or the object's values by the named fields (all, unless named), one a line. */
function textOf(document: string | Record<string, unknown>, fields: string[] | undefined): string {
  if (typeof document === "string") return document;
  return (fields?.length ? fields : Object.keys(document))
    .filter((field) => Object.hasOwn(document, field))
    .map((field) => asText(document[field]))
    .join("\n");
}

/** An object comes back as a JSON string: that is how Together answers. */
function asText(value: unknown): string {
  const text = typeof value === "string" ? value : asJson(value);
  if (text !== undefined) return text;
  throw new Refusal(400, "Invalid 'documents': nested too deeply", { param: "documents" });
}
