/** A correct answer -> the same answer with the requested fault. */
import { chance, shuffled } from "./chance.ts";
import type { AnswerRule } from "./faults.ts";

type Item = Record<string, unknown>;

/** Changes the `data` of an embeddings answer, the `results` of a rerank answer, or an answer that is a list; any other stays as it is. */
export function spoil(
  answer: Record<string, unknown> | Item[],
  fault: AnswerRule["fault"],
  seed: number,
): object {
  if (Array.isArray(answer)) return spoilItems(answer, fault, seed);
  const list = ["data", "results"].find((name) => Array.isArray(answer[name]));
  if (!list) return answer;
  const items = answer[list] as Item[];
  return { ...answer, [list]: spoilItems(items, fault, seed) };
}

function spoilItems(items: Item[], fault: AnswerRule["fault"], seed: number): Item[] {
  if (fault === "shuffled") return shuffled(items, seed);
  if (fault === "short") return items.slice(0, -1);
  const only = items.length === 1 ? items[0] : undefined;
  if (fault === "duplicate" && only) return [only, only];
  const chosen = Math.floor(chance(seed, items.length) * items.length);
  return items.map((item, at) => {
    if (at !== chosen) return item;
    // It replaces another item, so that the count is still right.
    if (fault === "duplicate") return items[(chosen + 1) % items.length] ?? item;
    const score = ["relevance_score", "score"].find((name) => name in item);
    if (score) return { ...item, [score]: fault === "null" ? null : item[score] };
    return { ...item, embedding: fault === "null" ? null : shorter(item.embedding) };
  });
}

/** One number less; in base64 a number is 4 bytes. */
function shorter(embedding: unknown): unknown {
  if (Array.isArray(embedding)) return embedding.slice(0, -1);
  return Buffer.from(String(embedding), "base64").subarray(0, -4).toString("base64");
}
