/** What every study gets, and what it gives. */
import type { ModelProfile } from "@together-retrieval/core";
import type { TopLevelSpec } from "vega-lite";
import type { Collection } from "../found.ts";
import type { Api } from "../keeper.ts";

export interface Setup {
  collection: Collection;
  /** Answers each text and each pair once from the API, and from then on by itself. */
  api: Api;
  /** The API itself, for times. */
  source: Api;
  model: string;
  reranker: string;
  /** With tokenizer and limit, where they are known. */
  profile: ModelProfile;
  /** How many of the found documents are reranked. */
  candidates: number;
  /** Tells what is going on. */
  say(line: string): void;
}

export interface Report {
  title: string;
  /** Markdown. */
  body: string;
  chart?: TopLevelSpec;
}

export type Study = (setup: Setup) => Promise<Report>;
