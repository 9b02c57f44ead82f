/** The public names. */
export {
  type ModelProfile,
  type RequestEvent,
  type RerankDocument,
  type RerankResult,
  type RetryEvent,
  TogetherApiError,
  TogetherClient,
  type TogetherClientOptions,
  TogetherConnectionError,
  TogetherError,
  TogetherResponseError,
  type Usage,
  type UsageEvent,
} from "@together-retrieval/core";
export { type EmbedCallOptions, TogetherEmbeddings, type TogetherEmbeddingsOptions } from "./embeddings.ts";
export { type RerankCallOptions, TogetherReranker, type TogetherRerankerOptions } from "./reranker.ts";
