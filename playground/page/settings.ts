/** the address, and what the server offers -> what is asked. It is written back into the address, so that a reload asks the same again. */
import { type Framework, limits, type SearchRequest, type Settings } from "../wire.ts";

export const defaults = {
  candidates: 20,
  topN: 5,
  framework: "langchain",
  prompt: true,
  hybrid: false,
} as const;

/** Anything in the address that does not fit gets its default. */
export function readAddress(search: string, { embeddingModels, rerankModels }: Settings): SearchRequest {
  const given = new URLSearchParams(search);
  const offered = embeddingModels.find(({ id }) => id === given.get("embed")) ?? embeddingModels[0];
  return {
    question: given.get("q") ?? "",
    framework:
      (["langchain", "llamaindex"] as Framework[]).find((name) => name === given.get("with")) ??
      defaults.framework,
    embeddingModel: offered?.id ?? "",
    rerankModel: given.get("rerank")?.trim() || (rerankModels[0] ?? ""),
    prompt: given.get("prompt") === "off" ? false : defaults.prompt,
    hybrid: given.get("hybrid") === "on" ? true : defaults.hybrid,
    candidates: within(given.get("candidates"), limits.candidates, defaults.candidates),
    topN: within(given.get("top"), limits.topN, defaults.topN),
  };
}

/** Writes only what differs from the default. `example` is the question of an address without one. */
export function writeAddress(request: SearchRequest, settings: Settings, example = ""): string {
  const before = readAddress("", settings);
  const entries = Object.entries({
    q: request.question === example ? "" : request.question,
    with: request.framework === before.framework ? "" : request.framework,
    embed: request.embeddingModel === before.embeddingModel ? "" : request.embeddingModel,
    rerank: request.rerankModel === before.rerankModel ? "" : request.rerankModel,
    prompt: request.prompt ? "" : "off",
    hybrid: request.hybrid ? "on" : "",
    candidates: request.candidates === before.candidates ? "" : String(request.candidates),
    top: request.topN === before.topN ? "" : String(request.topN),
  });
  const query = new URLSearchParams(entries.filter(([, value]) => value !== "")).toString();
  return query ? `?${query}` : "";
}

function within(text: string | null, { min, max }: { min: number; max: number }, fallback: number): number {
  const value = Number(text);
  return text && Number.isInteger(value) && value >= min && value <= max ? value : fallback;
}
