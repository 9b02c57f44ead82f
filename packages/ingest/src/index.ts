/** The public names. */
export { addToIndex } from "./index/add.ts";
export type { AddOptions, AddProgress, AddSummary, IndexOptions } from "./index/add-options.ts";
export type { FindOptions, FoundChunk, SearchFilter } from "./index/find-chunks.ts";
export { type IndexConnection, type IndexedChunk, type IndexHandle, openIndex } from "./index/open-index.ts";
export type { ProfileOption, StoredProfile } from "./index/profile.ts";
export { type RetryOptions, type RetrySummary, retryRefused } from "./index/retry-refused.ts";
export { type QueryOptions, type SearchOptions, type SearchResult, searchIndex } from "./index/search.ts";
export { type IndexStatus, indexStatus, type StatusOptions } from "./index/status.ts";
export { type Verification, type VerifyOptions, verifyIndex } from "./index/verify.ts";
export { type ExitKind, exitCodes, IngestError } from "./ingest-error.ts";
export { runWorker } from "./queue/run-worker.ts";
export type { WorkerOptions, WorkerProgress } from "./queue/worker-options.ts";
export type { Format } from "./read/source-document.ts";
