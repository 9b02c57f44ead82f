/** node versions.program.cjs esm|cjs BASE_URL -> what happened, as one line of JSON. Run by versions.test.ts in a folder of its own. */
const [, , format, baseURL] = process.argv;
const load = format === "cjs" ? require : (name) => import(name);

async function main() {
  const { BaseEmbedding } = await load("@llamaindex/core/embeddings");
  const { Settings } = await load("@llamaindex/core/global");
  const { TextNode } = await load("@llamaindex/core/schema");
  const { TogetherEmbeddings, TogetherReranker } = await load("@together-retrieval/llamaindex");
  const subpath = await load("@together-retrieval/llamaindex/reranker");

  const embeddings = new TogetherEmbeddings({ model: "m", apiKey: "test-key", baseURL });
  const reranker = new TogetherReranker({ model: "m", apiKey: "test-key", baseURL, topN: 1 });
  const nodes = ["score:0.1", "score:0.7"].map((text) => new TextNode({ text }));
  await embeddings(nodes, {});
  const ranked = await reranker.postprocessNodes(
    nodes.map((node) => ({ node, score: 0.5 })),
    "which?",
  );
  Settings.embedModel = embeddings;
  const found = {
    isBaseEmbedding: embeddings instanceof BaseEmbedding,
    isOneReranker: subpath.TogetherReranker === TogetherReranker,
    isSettings: Settings.embedModel === embeddings,
    dimensions: nodes.map(({ embedding }) => embedding.length),
    query: (await embeddings.getQueryEmbedding({ type: "text", text: "which?" })).length,
    best: ranked.map(({ node, score, retrievalScore }) => [node.text, score, retrievalScore]),
  };
  console.log(JSON.stringify({ ...found, ...(await throughIndex(embeddings)) }));
}

/** The same through the umbrella package, where it is installed. */
async function throughIndex(embeddings) {
  const llamaindex = await Promise.resolve()
    .then(() => load("llamaindex"))
    .catch(() => undefined);
  if (!llamaindex) return {};
  const { BaseEmbedding, Document, Settings, VectorStoreIndex } = llamaindex;
  const index = await VectorStoreIndex.fromDocuments([new Document({ text: "which?" })]);
  const [found] = await index.asRetriever().retrieve({ query: "which?" });
  return {
    isBaseEmbeddingOfUmbrella: embeddings instanceof BaseEmbedding && Settings.embedModel === embeddings,
    retrieved: [found.node.text, Math.round(found.score * 1000) / 1000],
  };
}

main();
