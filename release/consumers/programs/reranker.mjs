/** The LlamaIndex reranker's own door, with nodes that need no llamaindex to be made. */
import { TogetherApiError, TogetherClient, TogetherReranker } from "@together-retrieval/llamaindex/reranker";
import { apiKey, model, notes, question } from "./notes.mjs";
import { rejection, same } from "./same.mjs";

export async function check(baseURL) {
  const client = new TogetherClient({ apiKey, baseURL });
  const nodes = notes.map((text) => ({ score: 0.5, node: { metadata: {}, getContent: () => text } }));
  const reranker = new TogetherReranker({ client, model, topN: 2 });
  const [best, ...others] = await reranker.postprocessNodes(nodes, question);
  same("the best node", [best.node.getContent(), best.retrievalScore, others.length], [notes[0], 0.5, 1]);
  same("its score", typeof best.score, "number");

  const lost = new TogetherReranker({ apiKey, baseURL: `${baseURL}/nowhere`, model });
  const refused = await rejection("a wrong address", lost.postprocessNodes(nodes, question));
  same("the error of a wrong address", refused instanceof TogetherApiError, true);
}
