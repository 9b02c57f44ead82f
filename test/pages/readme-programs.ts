/** The READMEs of the packages -> programs that the compiler can check. Fragments get the declarations that a reader has by then. */
import { readdir } from "node:fs/promises";
import type { Program } from "./compile.ts";
import { readCode } from "./run-code.ts";

const packages = new URL("../../packages/", import.meta.url);

/** The declarations that a README's fragments rely on. A block with its own imports needs none. */
const given: Record<string, string> = {
  langchain: `
    import type { Document } from "@langchain/core/documents";
    import type { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";
    declare const embeddings: TogetherEmbeddings, reranker: TogetherReranker, documents: Document[];
    declare const texts: string[], text: string, query: string, signal: AbortSignal, callbacks: undefined;
    declare function show(part: number): void;`,
  llamaindex: `
    import type { IngestionPipeline, TextNode, Document, NodeWithScore, VectorStoreIndex } from "llamaindex";
    import type { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
    declare const embeddings: TogetherEmbeddings, reranker: TogetherReranker, pipeline: IngestionPipeline;
    declare const index: VectorStoreIndex, documents: Document[], nodes: TextNode[] & NodeWithScore[];
    declare const texts: string[], text: string, query: string, signal: AbortSignal;
    declare const progressCallback: () => void, logProgress: boolean, logger: Console;`,
  local: `
    import type { LocalServer } from "@together-retrieval/local";
    declare const server: LocalServer;`,
};

export async function readmePrograms(): Promise<Program[]> {
  const names = await readdir(packages);
  const programs = names.map(async (name) => {
    const codes = await readCode(new URL(`${name}/README.md`, packages));
    return codes.map((code, at) => ({
      file: new URL(`${name}/README-${at + 1}.ts`, packages),
      code: code.includes("import ") ? code : `${given[name] ?? ""}\n${code}`,
    }));
  });
  return (await Promise.all(programs)).flat();
}
