/** The public names. */
export { TogetherClient } from "./client.ts";
export { TogetherApiError, TogetherConnectionError, TogetherError, TogetherResponseError } from "./errors.ts";
export type { RequestEvent } from "./observe.ts";
export type {
  EmbedOptions,
  EmbedStreamOptions,
  RerankOptions,
  TogetherClientOptions,
  TogetherLike,
} from "./options.ts";
export {
  type KnownModel,
  type KnownReranker,
  type ModelProfile,
  profiles,
  type RerankerProfile,
  rerankerProfiles,
} from "./profiles.ts";
export type { RerankDocument, RerankResult } from "./rerank.ts";
export type { RetryEvent } from "./retry.ts";
export type { EmbeddedItem, RefusedItem } from "./stream.ts";
export type { Tokenizer } from "./tokenizer.ts";
export type { Usage, UsageCounts, UsageEvent } from "./usage.ts";
