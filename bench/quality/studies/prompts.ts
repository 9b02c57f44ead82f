/** The same queries behind several prompts: what one costs that the model was not trained with. */
import { profiles } from "@together-retrieval/core";
import { langChain } from "../doors.ts";
import { searchAll } from "../retrieval.ts";
import { type Rankings, rowsOf } from "../scores.ts";
import { scoreTable } from "../tables.ts";
import type { Study } from "./study.ts";

const prompts: Record<string, string> = {
  none: "",
  "BGE's": profiles["BAAI/bge-base-en-v1.5"]?.queryPrompt ?? "",
  "plain E5's": "query: ",
  "E5-instruct's": profiles["intfloat/multilingual-e5-large-instruct"]?.queryPrompt ?? "",
};

export const queryPrompts: Study = async ({ collection, api, model, reranker, profile, say }) => {
  const rankings: Rankings = {};
  const own = profile.queryPrompt;
  const all = own === undefined ? prompts : { "the model's own": own, ...prompts };
  for (const [name, queryPrompt] of Object.entries(all)) {
    const door = { api, model, reranker, profile: { ...profile, queryPrompt } };
    rankings[name] = await searchAll(collection, await langChain.open(collection.documents, door));
    say(`${name}: done`);
  }
  return { title: "Which prompt before the query", body: scoreTable(rowsOf(collection, rankings)) };
};
