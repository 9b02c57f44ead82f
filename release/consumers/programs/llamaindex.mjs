/** The LlamaIndex adapter on `@llamaindex/core` alone: identity, both parts at work, the transform. */
import { BaseEmbedding } from "@llamaindex/core/embeddings";
import { Settings } from "@llamaindex/core/global";
import { TextNode } from "@llamaindex/core/schema";
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { TogetherReranker as OwnDoor } from "@together-retrieval/llamaindex/reranker";
import { apiKey, model, notes, question } from "./notes.mjs";
import { same } from "./same.mjs";

export async function check(baseURL) {
  const embeddings = new TogetherEmbeddings({ apiKey, baseURL, model });
  same("embeddings instanceof BaseEmbedding", embeddings instanceof BaseEmbedding, true);
  same("one reranker behind two doors", OwnDoor === TogetherReranker, true);
  Settings.embedModel = embeddings;
  same("Settings.embedModel", Settings.embedModel === embeddings, true);

  const nodes = await embeddings(notes.map((text) => new TextNode({ text })));
  const query = await embeddings.getQueryEmbedding({ type: "text", text: question });
  const lengths = [...nodes.map(({ embedding }) => embedding), query].map(({ length }) => length);
  same("vectors", lengths, [384, 384, 384, 384]);

  const reranker = new TogetherReranker({ apiKey, baseURL, model, topN: 1 });
  const [best] = await reranker.postprocessNodes(
    nodes.map((node) => ({ node, score: 0.5 })),
    question,
  );
  same("the best node", [best.node === nodes[0], best.retrievalScore], [true, 0.5]);
}
