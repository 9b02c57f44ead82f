/** Compiled as an application's: an index is made, searched, and opened for others. */
import type { TogetherClient } from "@together-retrieval/core";
import {
  type AddSummary,
  addToIndex,
  type IndexConnection,
  type IngestError,
  openIndex,
  runWorker,
  searchIndex,
} from "@together-retrieval/ingest";

export async function use(client: TogetherClient): Promise<[AddSummary, IndexConnection]> {
  const to = "./index";
  const summary = await addToIndex({ paths: ["a.md"], to, model: "m", client });
  for (const { similarity } of await searchIndex("a", { to, rerankModel: "r" })) similarity.toFixed(2);
  await runWorker({ to: "postgres://a", redis: "redis://b", clientOptions: { apiKey: "key" } });
  // @ts-expect-error: an index is somewhere
  await addToIndex({ paths: "a.md" });
  return [summary, (await openIndex({ to })).connection];
}

export const exitCodeOf = (error: IngestError): number => error.exitCode;
