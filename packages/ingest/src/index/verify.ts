/** an index -> every fault in it, in words; none when each chunk has exactly one vector of the right model and dimensions */

import type { TogetherClient } from "@together-retrieval/core";
import { chunkId } from "../read/chunk.ts";
import { type IndexOptions, sharedChecks } from "./add-options.ts";
import { fingerprintOf } from "./profile.ts";
import { readStatus } from "./status.ts";
import { type OpenedIndex, withIndex } from "./with-index.ts";

/** What was looked at, and what is wrong with it. */
export interface Verification {
  model: string;
  /** The name under which the server answered when the index was made; null where it names none. */
  answeredBy: string | null;
  /** Chunks that were looked at: all of them. */
  chunks: number;
  pending: number;
  refused: number;
  /** A sentence for each kind of fault, with its count. */
  faults: string[];
}

/** Which index to verify, and whether its model is asked too. */
export interface VerifyOptions extends IndexOptions {
  /** Given: one chunk is embedded again, to see whether the server still answers with the model that the index was made with. */
  client?: TogetherClient | undefined;
  signal?: AbortSignal | undefined;
}

/** One model gives nearly the same vector on every machine, and to another precision; another model any other. */
const leastSimilarity = 0.98;

/** Reads every chunk. @throws IngestError when there is no index; the signal's reason */
export async function verifyIndex(options: VerifyOptions): Promise<Verification> {
  const { client, signal } = sharedChecks;
  return withIndex(options, { client, signal }, async (index) => {
    const { chunks, pending, refused } = await readStatus(index);
    const { model, answeredBy } = index.settings;
    const faults = [
      ...(await countFaults(index)),
      ...(await checkChunks(index)),
      ...(await askModel(index, options)),
    ];
    return { model, answeredBy, chunks, pending, refused, faults };
  });
}

/** What the database can count by itself. A chunk's id is the table's key, so none is there twice. */
async function countFaults({ tables }: OpenedIndex): Promise<string[]> {
  const { lost, homeless, both } = await tables.countFaults();
  return [
    ...(lost > 0 ? [`${lost} chunks of documents have no vector: run add again`] : []),
    ...(homeless > 0 ? [`${homeless} chunks belong to no document: run add again`] : []),
    ...(both > 0 ? [`${both} chunks have a vector and are marked as refused: run retry-failed`] : []),
  ];
}

/** What takes the text: whether an id is that of its text, model and profile; and whether a vector can be one at all. */
async function checkChunks({ tables, settings }: OpenedIndex): Promise<string[]> {
  const fingerprint = fingerprintOf(settings.model, settings.profile);
  let foreign = 0;
  let odd = 0;
  for await (const { id, text, dimensions, length } of tables.checks()) {
    if (chunkId(text, fingerprint) !== id) foreign++;
    if (dimensions !== settings.dimensions || !(length > 0)) odd++;
  }
  return [
    ...(foreign > 0
      ? [`${foreign} chunks are not of this model and profile, or their text was changed`]
      : []),
    ...(odd > 0 ? [`${odd} vectors are of another length than ${settings.dimensions}, or zero`] : []),
  ];
}

/** Whether the server still gives the vectors that the index has: by the model that it names, and by the vector of one chunk. */
async function askModel(
  { tables, settings }: OpenedIndex,
  { client, signal }: VerifyOptions,
): Promise<string[]> {
  if (!client) return [];
  for await (const { text, vector } of tables.chunks()) {
    const { model, answeredBy, dimensions } = settings;
    const profile = { ...settings.profile, dimensions };
    const [again = []] = await client.embed([text], { model, profile, signal });
    const name = client.answeredBy(model);
    const isRenamed = answeredBy !== null && name !== undefined && name !== answeredBy;
    const similarity = cosine(vector, again);
    return [
      ...(isRenamed
        ? [`the server answers with the model ${name}, the index was made with ${answeredBy}`]
        : []),
      ...(similarity < leastSimilarity
        ? [
            `the server's vector of a chunk has a similarity of ${similarity.toFixed(3)} to the stored one: another model, or another prompt`,
          ]
        : []),
    ];
  }
  return [];
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
