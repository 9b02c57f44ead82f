/** The public names. */
export { addToIndex } from "./add.ts";
export type { AddOptions, AddProgress, AddSummary, IndexOptions } from "./add-options.ts";
export { type ExitKind, exitCodes, IngestError } from "./ingest-error.ts";
export { type IndexConnection, type IndexHandle, openIndex } from "./open-index.ts";
export type { ProfileOption, StoredProfile } from "./profile.ts";
export { type RetryOptions, type RetrySummary, retryRefused } from "./retry-refused.ts";
export { runWorker, type WorkerOptions, type WorkerProgress } from "./run-worker.ts";
export { type SearchOptions, type SearchResult, searchIndex } from "./search.ts";
export type { Format } from "./source-document.ts";
export { type IndexStatus, indexStatus, type StatusOptions } from "./status.ts";
export { type Verification, verifyIndex } from "./verify.ts";
