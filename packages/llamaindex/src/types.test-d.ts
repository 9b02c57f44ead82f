/** The compiler checks this file: what the host and callers may write, and which types they get. */
import type { BaseEmbedding } from "@llamaindex/core/embeddings";
import type { BaseNodePostprocessor } from "@llamaindex/core/postprocessor";
import { type BaseNode, MetadataMode, type NodeWithScore } from "@llamaindex/core/schema";
import { Settings } from "llamaindex";
import { expectTypeOf, test } from "vitest";
import {
  type RerankedNode,
  type TogetherApiError,
  type TogetherClient,
  TogetherEmbeddings,
  type TogetherEmbeddingsOptions,
  type TogetherError,
  TogetherReranker,
  type TogetherRerankerOptions,
} from "./index.ts";

declare const nodes: BaseNode[];
declare const found: NodeWithScore[];
declare const client: TogetherClient;
declare const signal: AbortSignal | undefined;

test("both are what LlamaIndex takes", () => {
  expectTypeOf<TogetherEmbeddings>().toExtend<BaseEmbedding>();
  expectTypeOf<TogetherReranker>().toExtend<BaseNodePostprocessor>();
  expectTypeOf<RerankedNode>().toExtend<NodeWithScore>();
  expectTypeOf<TogetherApiError>().toExtend<TogetherError>();
  Settings.embedModel = new TogetherEmbeddings({ model: "m" });
});

test("calls take a signal that may be undefined, and the host's own options", () => {
  const embeddings = new TogetherEmbeddings({ client, model: "m" });
  const progressCallback = (current: number, total: number) => current / total;
  expectTypeOf(embeddings(nodes, { signal, progressCallback })).resolves.toEqualTypeOf<BaseNode[]>();
  expectTypeOf(
    embeddings.getTextEmbeddingsBatch(["a"], { signal, progressCallback, logProgress: true }),
  ).resolves.toEqualTypeOf<number[][]>();
  expectTypeOf(embeddings.getTextEmbedding("a", { signal })).resolves.toEqualTypeOf<number[]>();
  expectTypeOf(embeddings.getQueryEmbedding({ type: "text", text: "a" }, { signal })).resolves.toEqualTypeOf<
    number[] | null
  >();
});

test("scores may be absent", () => {
  const reranker = new TogetherReranker({ client, model: "m", metadataMode: MetadataMode.LLM });
  expectTypeOf(reranker.postprocessNodes(found, "which?")).resolves.toEqualTypeOf<RerankedNode[]>();
  expectTypeOf<RerankedNode["score"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<RerankedNode["retrievalScore"]>().toEqualTypeOf<number | undefined>();
});

test("a model is required, and what the host says is no option", () => {
  expectTypeOf<{ apiKey: string }>().not.toExtend<TogetherEmbeddingsOptions>();
  expectTypeOf<{ apiKey: string }>().not.toExtend<TogetherRerankerOptions>();
  expectTypeOf<TogetherEmbeddingsOptions>().not.toHaveProperty("inputType");
  expectTypeOf<TogetherEmbeddingsOptions>().not.toHaveProperty("signal");
  expectTypeOf<TogetherRerankerOptions>().not.toHaveProperty("signal");
  expectTypeOf<"LLM">().toExtend<TogetherRerankerOptions["metadataMode"]>();
});
