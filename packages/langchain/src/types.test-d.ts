/** The compiler checks this file: what the host and callers may write, and which types they get. */
import type { Callbacks } from "@langchain/core/callbacks/manager";
import { Document, type DocumentInterface } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { expectTypeOf, test } from "vitest";
import {
  type RerankResult,
  type TogetherApiError,
  type TogetherClient,
  TogetherEmbeddings,
  type TogetherEmbeddingsOptions,
  type TogetherError,
  TogetherReranker,
} from "./index.ts";

class Page extends Document<{ at: number }> {
  language = "en";
}
declare const pages: Page[];
declare const documents: Document[];
declare const callbacks: Callbacks;
declare const signal: AbortSignal;

test("both are what LangChain takes", () => {
  expectTypeOf<TogetherEmbeddings>().toExtend<EmbeddingsInterface>();
  expectTypeOf<TogetherReranker>().toExtend<BaseDocumentCompressor>();
  expectTypeOf<TogetherApiError>().toExtend<TogetherError>();
});

test("documents keep their type", () => {
  const reranker = new TogetherReranker({ model: "m" });
  expectTypeOf(reranker.compressDocuments(pages, "q", callbacks, { signal, topN: 1 })).resolves.toEqualTypeOf<
    Page[]
  >();
  expectTypeOf(reranker.compressDocuments(documents, "q")).resolves.toEqualTypeOf<Document[]>();
  expectTypeOf(reranker.compressDocuments([] as DocumentInterface[], "q")).resolves.toEqualTypeOf<
    DocumentInterface[]
  >();
  expectTypeOf(reranker.rerank(pages, "q", { topN: 1, signal })).resolves.toEqualTypeOf<
    RerankResult<Page>[]
  >();
  expectTypeOf(reranker.rerank([{ title: "t" }], "q")).resolves.toEqualTypeOf<
    RerankResult<{ title: string }>[]
  >();
  expectTypeOf(reranker.rerank(["t"] as readonly string[], "q")).resolves.toEqualTypeOf<
    RerankResult<string>[]
  >();
});

test("what is given may be read-only", () => {
  expectTypeOf<readonly string[]>().toExtend<Parameters<TogetherEmbeddings["embedDocuments"]>[0]>();
  expectTypeOf<readonly Document[]>().toExtend<Parameters<TogetherReranker["compressDocuments"]>[0]>();
});

test("vectors are plain numbers", () => {
  const embeddings = new TogetherEmbeddings({ model: "m" });
  expectTypeOf(
    embeddings.embedDocuments(["t"], { signal, onProgress: ({ done, total }) => done / total }),
  ).resolves.toEqualTypeOf<number[][]>();
  expectTypeOf(embeddings.embedQuery("t", { signal })).resolves.toEqualTypeOf<number[]>();
});

test("options that would be ignored do not compile", () => {
  expectTypeOf<TogetherEmbeddingsOptions>().not.toHaveProperty("inputType");
  expectTypeOf<TogetherEmbeddingsOptions>()
    .toHaveProperty("client")
    .toEqualTypeOf<TogetherClient | undefined>();
  // @ts-expect-error: there is no default model
  new TogetherEmbeddings({});
  // @ts-expect-error: LangChain's AsyncCaller options do nothing here
  new TogetherEmbeddings({ model: "m", onFailedAttempt() {} });
  // @ts-expect-error: a query has no progress
  new TogetherEmbeddings({ model: "m" }).embedQuery("t", { onProgress() {} });
  // @ts-expect-error: a single call cannot change this option
  new TogetherReranker({ model: "m" }).rerank(["t"], "q", { model: "other" });
});
