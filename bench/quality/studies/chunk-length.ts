/** The same long documents in chunks of several lengths; a document counts as its best chunk. */
import { chunksOf, documentsOf } from "../chunks.ts";
import { langChain } from "../doors.ts";
import { joinDocuments } from "../long-documents.ts";
import { DEPTH, searchAll } from "../retrieval.ts";
import { type Rankings, rowsOf } from "../scores.ts";
import { scoreTable } from "../tables.ts";
import type { Study } from "./study.ts";

const LENGTHS = [254, 128, 64, 32];

export const chunkLength: Study = async ({ collection, api, model, reranker, profile, say }) => {
  const { tokenizer } = profile;
  if (!tokenizer) throw new Error("The chunks study needs a model with a known tokenizer");
  const joined = joinDocuments(collection, 4);
  const rankings: Rankings = {};
  for (const length of LENGTHS) {
    const chunks = joined.documents.flatMap((document) => chunksOf(document, tokenizer, length));
    const index = await langChain.open(chunks, { api, model, reranker, profile });
    const found = await searchAll(joined, index, DEPTH * 10);
    rankings[`${length} tokens (${chunks.length} chunks)`] = found.map((ids) => documentsOf(ids, DEPTH));
    say(`${length} tokens: done`);
  }
  return { title: "How long a chunk", body: scoreTable(rowsOf(joined, rankings)) };
};
