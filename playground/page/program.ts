/** what is on the screen -> a program that finds the same, ready to be run */
import type { EmbeddingModel, Hit, SearchRequest, ServiceInfo } from "../wire.ts";

export interface OnScreen {
  request: SearchRequest;
  model: EmbeddingModel;
  service: ServiceInfo;
  /** The candidates. They replace the index, which the program does not have. */
  candidates: Hit[];
}

/** What the program needs from npm. */
export const packages = {
  langchain: ["@together-retrieval/langchain", "@langchain/core", "@langchain/classic"],
  llamaindex: ["@together-retrieval/llamaindex", "llamaindex"],
} as const;

/** TypeScript, as a module, for `npx tsx`. */
export function programFor(screen: OnScreen): string {
  return screen.request.framework === "langchain" ? forLangChain(screen) : forLlamaIndex(screen);
}

const text = (value: string) => JSON.stringify(value);

function head({ request, service }: OnScreen): string {
  return `// npm install ${packages[request.framework].join(" ")} && npx tsx search.mts
// ${
    service.kind === "local"
      ? `The playground's own server answers while it runs; afterwards: npx @together-retrieval/local --port ${new URL(service.url).port}
// It has one model, ${service.answeredBy}, which answers under every name.`
      : "The key is read from TOGETHER_API_KEY, and the server's address from TOGETHER_BASE_URL if it is set."
  }`;
}

function setUp({ request, model, service, candidates }: OnScreen, topNAndMore: string): string {
  const client = service.kind === "local" ? `{ apiKey: "local", baseURL: ${text(service.url)} }` : "";
  const profile = !request.prompt
    ? ", profile: false"
    : model.profile
      ? `, profile: ${text(model.profile)}`
      : "";
  const rows = candidates.map(
    ({ source, text: passage }) => `  { source: ${text(source)}, text: ${text(passage)} },`,
  );
  return `const question = ${text(request.question)};

// One client for both: one rate limit, one count of tokens.
const client = new TogetherClient(${client});
const embeddings = new TogetherEmbeddings({ client, model: ${text(model.id)}${profile} });
const reranker = new TogetherReranker({ client, model: ${text(request.rerankModel)}, ${topNAndMore} });

// What the search found. Put your own index in its place.
const passages = [
${rows.join("\n")}
];`;
}

const tail = `console.log(\`\${client.usage.requests} requests, \${client.usage.promptTokens} tokens\`);
`;

function forLangChain(screen: OnScreen): string {
  const { candidates, topN } = screen.request;
  return `${head(screen)}
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";

${setUp(screen, `topN: ${topN}`)}
const documents = passages.map(({ source, text }) => new Document({ pageContent: text, metadata: { source } }));
const store = await MemoryVectorStore.fromDocuments(documents, embeddings);

console.log("By vector");
const near = await store.similaritySearchWithScore(question, ${candidates});
for (const [document, score] of near) console.log(score.toFixed(3), document.metadata.source);

console.log("Reranked");
const best = await reranker.compressDocuments(near.map(([document]) => document), question);
for (const { metadata } of best) console.log(metadata.relevanceScore.toFixed(3), metadata.source);
${tail}`;
}

function forLlamaIndex(screen: OnScreen): string {
  const { candidates, topN } = screen.request;
  return `${head(screen)}
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { Settings, TextNode, VectorStoreIndex } from "llamaindex";

${setUp(screen, `topN: ${topN}, metadataMode: "NONE"`)}
Settings.embedModel = embeddings;
const nodes = passages.map(({ source, text }) => new TextNode({ id_: source, text }));
const index = await VectorStoreIndex.init({ nodes });

console.log("By vector");
const near = await index.asRetriever({ similarityTopK: ${candidates} }).retrieve({ query: question });
for (const { node, score } of near) console.log(score?.toFixed(3), node.id_);

console.log("Reranked");
const best = await reranker.postprocessNodes(near, question);
for (const { node, score } of best) console.log(score?.toFixed(3), node.id_);
${tail}`;
}
