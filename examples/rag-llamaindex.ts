/** A Markdown file and a question -> 20 candidates by vector -> the best 5 by the reranker -> an answer, with LlamaIndex. */
import { readFile } from "node:fs/promises";
import { PromptHelper } from "@llamaindex/core/indices";
import { OpenAI } from "@llamaindex/openai";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { Document, getResponseSynthesizer, MarkdownNodeParser, Settings, VectorStoreIndex } from "llamaindex";

const [embeddingModel, rerankModel, chatModel, file, question] = process.argv.slice(2);
if (!embeddingModel || !rerankModel || !chatModel || !file || !question) {
  console.error("Usage: rag-llamaindex.ts EMBEDDING_MODEL RERANK_MODEL CHAT_MODEL FILE QUESTION");
  process.exit(1);
}
const client = new TogetherClient(); // shared: one rate limit, one count of tokens
Settings.embedModel = new TogetherEmbeddings({ client, model: embeddingModel });
const document = new Document({ text: await readFile(file, "utf8") });
const nodes = new MarkdownNodeParser().getNodesFromDocuments([document]);
const index = await VectorStoreIndex.init({ nodes });

const apiKey = process.env.TOGETHER_API_KEY;
const baseURL = process.env.TOGETHER_BASE_URL ?? "https://api.together.ai/v1";
Settings.llm = new OpenAI({ model: chatModel, apiKey, baseURL });
// LlamaIndex knows the prompt size of OpenAI's models only, so it is set here.
const promptHelper = new PromptHelper({ contextWindow: 8192 });
const engine = index.asQueryEngine({
  similarityTopK: 20,
  nodePostprocessors: [new TogetherReranker({ client, model: rerankModel, topN: 5 })],
  responseSynthesizer: getResponseSynthesizer("compact", { promptHelper }),
});
const { response, sourceNodes = [] } = await engine.query({ query: question });
for (const { node, score = 0 } of sourceNodes) {
  console.log(`${score.toFixed(3)}  ${Object.values(node.metadata).join(" > ")}`);
}
console.log(`\n${response}`);
