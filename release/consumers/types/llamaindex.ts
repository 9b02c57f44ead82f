/** Compiled as an application's: both parts are what LlamaIndex takes. */
import type { BaseEmbedding } from "@llamaindex/core/embeddings";
import type { BaseNodePostprocessor } from "@llamaindex/core/postprocessor";
import type { NodeWithScore } from "@llamaindex/core/schema";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { TogetherReranker as OwnDoor } from "@together-retrieval/llamaindex/reranker";

const client = new TogetherClient({ apiKey: "key" });
const embeddings: BaseEmbedding = new TogetherEmbeddings({ client, model: "m" });
const postprocessor: BaseNodePostprocessor = new OwnDoor({ client, model: "m", topN: 3 });

export async function use(nodes: NodeWithScore[]): Promise<(number | undefined)[]> {
  const vector: number[] = await embeddings.getTextEmbedding("a");
  const found = await postprocessor.postprocessNodes(nodes, "q");
  const ranked = await new TogetherReranker({ client, model: "m" }).postprocessNodes(found, "q");
  // @ts-expect-error: `model` is required
  new TogetherEmbeddings({ client });
  return [vector.length, ...ranked.map(({ retrievalScore }) => retrievalScore)];
}
