/** Documents several times as long as the model reads: what becomes of them, by each setting of `longInput`, and in chunks. */
import { chunksOf, documentsOf } from "../chunks.ts";
import { type Door, type DoorOptions, langChain, llamaIndex } from "../doors.ts";
import { joinDocuments } from "../long-documents.ts";
import { compareDoors } from "../parity.ts";
import { DEPTH, searchAll } from "../retrieval.ts";
import { type Rankings, rowsOf } from "../scores.ts";
import { scoreTable } from "../tables.ts";
import type { Setup, Study } from "./study.ts";

/** So many abstracts make a long document: about 800 tokens in Cranfield. */
const JOINED = 4;

export const long: Study = async (setup) => {
  const { profile, say } = setup;
  const { tokenizer, maxTokens } = profile;
  if (!tokenizer || !maxTokens)
    throw new Error("The long study needs a model with a known tokenizer and limit");
  const joined = joinDocuments(setup.collection, JOINED);
  const tokens = joined.documents.map(({ text }) => tokenizer.encode(text).length).sort((a, b) => a - b);
  const byDoor: Record<string, Rankings> = {};
  for (const door of [langChain, llamaIndex]) {
    byDoor[door.name] = await rankBySetting(door, setup, joined);
    say(`${door.name}: done`);
  }
  const agreement = compareDoors(joined, byDoor);
  const chunked = joined.documents.flatMap((document) => chunksOf(document, tokenizer, maxTokens - 2));
  const index = await langChain.open(chunked, optionsOf(setup, "send"));
  const found = await searchAll(joined, index, DEPTH * JOINED);
  const rankings = {
    ...byDoor[langChain.name],
    "chunks, the best one counts": found.map((ids) => documentsOf(ids, DEPTH)),
  };
  const median = tokens[Math.floor(tokens.length / 2)];
  return {
    title: `Documents over the limit: ${JOINED} joined, ${median} tokens in the median, for a model that reads ${maxTokens}`,
    body: `${scoreTable(rowsOf(joined, rankings))}\n\n${joined.documents.length} documents. ${agreement}.`,
  };
};

async function rankBySetting(door: Door, setup: Setup, joined: Setup["collection"]): Promise<Rankings> {
  const rankings: Rankings = {};
  for (const longInput of ["send", "truncate", "average"] as const) {
    const index = await door.open(joined.documents, optionsOf(setup, longInput));
    rankings[`\`longInput: "${longInput}"\``] = await searchAll(joined, index);
  }
  return rankings;
}

function optionsOf(
  { api, model, reranker, profile }: Setup,
  longInput: "send" | "truncate" | "average",
): DoorOptions {
  return { api, model, reranker, profile, longInput };
}
