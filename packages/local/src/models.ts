/** the small model -> the list of models, as Together gives it: a bare array */
import type { Context } from "hono";
import type { Env } from "./arrivals.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";

/** `GET /v1/models`: what runs here. Any other id is accepted too, and answered by the same model. No endpoint here is `dedicated`. */
export function models(context: Context<Env>, service: Service): Response {
  const dedicated = context.req.query("dedicated") ?? "false";
  if (dedicated !== "true" && dedicated !== "false") {
    throw new Refusal(400, "Invalid 'dedicated': expected true or false", { param: "dedicated" });
  }
  if (dedicated === "true") return context.json([]);
  const common = {
    object: "model",
    created: 0,
    organization: "local",
    context_length: service.thread.maxTokens,
    pricing: { hourly: 0, input: 0, output: 0, base: 0, finetune: 0 },
  };
  return context.json([
    { ...common, id: service.modelName, type: "embedding", display_name: service.modelName },
    { ...common, id: "local/rerank", type: "rerank", display_name: "Heuristic reranker" },
    { ...common, id: "local/extractive", type: "chat", display_name: "Best sentences of the context" },
  ]);
}
