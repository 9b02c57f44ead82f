/** the texts of a request -> nothing, or the refusal of too many, blank or too long ones on this wire */
import type { Context } from "hono";
import type { Env } from "./arrivals.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";
import type { Wire } from "./wire.ts";

/** @throws Refusal when there are more texts than the wire takes in a request, or a blank one that it does not take. */
export function checkItems(texts: string[], { maxItems = Infinity, words }: Wire): void {
  const blank = words?.blank ? texts.findIndex((text) => text.trim() === "") : -1;
  if (words?.blank && blank >= 0) throw new Refusal(400, words.blank(blank), { reason: "empty" });
  if (texts.length <= maxItems) return;
  const message = words?.items?.(texts.length, maxItems) ?? `At most ${maxItems} texts, got ${texts.length}`;
  throw new Refusal(400, message, { reason: "items" });
}

/** @throws Refusal for the first text above the model's limit, on wires that do not cut it. */
export async function checkLengths(texts: string[], context: Context<Env>, service: Service): Promise<void> {
  const { tooLong, words } = service.wire;
  if (tooLong === undefined) return;
  const { thread } = service;
  const counts = await thread.count(texts, context.req.raw.signal);
  // Counts are without the special tokens at both ends, which the limit includes.
  const found = counts.find((count) => count + 2 > thread.maxTokens);
  if (found === undefined) return;
  const message = words?.long?.(found + 2, thread.maxTokens) ?? "A text is too long";
  throw new Refusal(tooLong, message, { reason: "long" });
}
