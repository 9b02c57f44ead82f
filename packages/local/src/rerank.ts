/** a query and documents -> the inference thread -> a rerank answer, best first */
import type { Context } from "hono";
import { readArguments, rerankArguments } from "./arguments.ts";
import type { Env } from "./arrivals.ts";
import { asJson } from "./json.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";

/** `POST /v1/rerank`. */
export async function rerank(context: Context<Env>, service: Service): Promise<Response> {
  const { model, query, documents, top_n, return_documents, rank_fields } = readArguments(
    rerankArguments,
    context.get("body"),
  );
  const texts = documents.map((document) => textOf(document, rank_fields));
  const { scores, tokens } = await service.thread.rerank(query, texts, context.req.raw.signal);
  const results = documents
    .map((document, index) => ({
      index,
      relevance_score: scores[index] ?? 0,
      document: return_documents ? { text: asText(document) } : {},
    }))
    .sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
    .slice(0, top_n);
  const usage = { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens };
  return context.json({ id: context.get("arrival").id, object: "rerank", model, results, usage });
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
