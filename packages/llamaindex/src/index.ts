/** The public names. */
export type {
  ModelProfile,
  RequestEvent,
  RetryEvent,
  TogetherClientOptions,
  Tokenizer,
  Usage,
  UsageEvent,
} from "@together-retrieval/core";
export {
  type EmbeddingCallOptions,
  TogetherEmbeddings,
  type TogetherEmbeddingsOptions,
} from "./embeddings.ts";
export {
  type RerankedNode,
  TogetherApiError,
  TogetherClient,
  TogetherConnectionError,
  TogetherError,
  TogetherReranker,
  type TogetherRerankerOptions,
  TogetherResponseError,
} from "./reranker.ts";
