/** A Markdown file and a question -> 20 candidates by vector -> the best 5 by the reranker -> an answer, with LangChain. */
import { readFile } from "node:fs/promises";
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { ChatOpenAI } from "@langchain/openai";
import { MarkdownTextSplitter } from "@langchain/textsplitters";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";

const [embeddingModel, rerankModel, chatModel, file, question] = process.argv.slice(2);
if (!embeddingModel || !rerankModel || !chatModel || !file || !question) {
  console.error("Usage: rag-langchain.ts EMBEDDING_MODEL RERANK_MODEL CHAT_MODEL FILE QUESTION");
  process.exit(1);
}
const client = new TogetherClient(); // shared: one rate limit, one count of tokens
const splitter = new MarkdownTextSplitter({ chunkSize: 500, chunkOverlap: 0 });
const documents = await splitter.createDocuments([await readFile(file, "utf8")], [{ file }]);
const embeddings = new TogetherEmbeddings({ client, model: embeddingModel });
const store = await MemoryVectorStore.fromDocuments(documents, embeddings);

const retriever = new ContextualCompressionRetriever({
  baseRetriever: store.asRetriever(20),
  baseCompressor: new TogetherReranker({ client, model: rerankModel, topN: 5 }),
});
const best = await retriever.invoke(question);
for (const { metadata } of best) {
  console.log(`${metadata.relevanceScore.toFixed(3)}  ${file}:${metadata.loc.lines.from}`);
}

const baseURL = process.env.TOGETHER_BASE_URL ?? "https://api.together.ai/v1";
const chat = new ChatOpenAI({
  model: chatModel,
  apiKey: process.env.TOGETHER_API_KEY,
  configuration: { baseURL },
});
const context = best.map(({ pageContent }) => pageContent).join("\n\n");
const answer = await chat.invoke(`Answer from this context alone.\n\n${context}\n\nQuestion: ${question}`);
console.log(`\n${answer.content}`);
