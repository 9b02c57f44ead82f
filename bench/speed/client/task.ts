/** What a measured process is told to do, and what it measured. */
import type { TextKind } from "../texts.ts";

export type ClientName =
  | ("core" | "langchain" | "llamaindex")
  | (
      | "floor"
      | "together-ai"
      | "langchain-openai"
      | "langchain-togetherai"
      | "llamaindex-together"
      | "ai-sdk"
    );

/** What is left out stays at the client's own default. */
export interface Settings {
  batchSize?: number;
  concurrency?: number;
  encoding?: "float" | "base64";
}

export interface Task {
  client: ClientName;
  settings: Settings;
  /** Streams give their vectors one by one; all else gives them together. `queries` asks one text at a time beside a job. */
  work: "embed" | "stream" | "rerank" | "queries";
  kind: TextKind;
  count: number;
  dimensions: number;
  /** Texts that are embedded, at another address, before anything is measured. */
  warmUp: number;
  /** How often the same client does the same work before it is measured. */
  before: number;
  /** Whether the delay of the event loop is watched, which costs some processor time. */
  watchLoop: boolean;
  /** Where the answers come without delay or limit. */
  warmURL: string;
  baseURL: string;
}

export interface Measurement {
  wallMs: number;
  /** Until the first request was handed to undici, the platform's or the package. */
  firstRequestMs?: number;
  /** Processor time of the whole process, collector and all. */
  cpuMs: number;
  /** Vectors or scores, every one of them checked. */
  returned: number;
  peakRssMiB: number;
  loopP99Ms?: number;
  loopMaxMs?: number;
  growth?: Growth;
  queries?: Queries;
  /** Why nothing was returned. */
  error?: string;
}

/** Of a stream, from its 10,000th vector on. All in MiB. */
export interface Growth {
  rssAtFirst: number;
  rssGrowth: number;
  heapAtFirst: number;
  heapGrowth: number;
}

/** Of queries that were asked while a job ran, in milliseconds from asking to the vector. */
export interface Queries {
  /** How many were asked before the job was over. */
  queries: number;
  queryMedianMs: number;
  queryMostMs: number;
}
