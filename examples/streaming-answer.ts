/** A Markdown file and a question -> the sources at once, then the answer word by word as the model writes it. */
import { readFile } from "node:fs/promises";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { ChatOpenAI } from "@langchain/openai";
import { MarkdownTextSplitter } from "@langchain/textsplitters";
import { TogetherClient, TogetherEmbeddings, TogetherReranker } from "@together-retrieval/langchain";

const [embeddingModel, rerankModel, chatModel, file, question] = process.argv.slice(2);
if (!embeddingModel || !rerankModel || !chatModel || !file || !question) {
  console.error("Usage: streaming-answer.ts EMBEDDING_MODEL RERANK_MODEL CHAT_MODEL FILE QUESTION");
  process.exit(1);
}
const client = new TogetherClient(); // shared: one rate limit, one count of tokens
const splitter = new MarkdownTextSplitter({ chunkSize: 500, chunkOverlap: 0 });
const passages = await splitter.createDocuments([await readFile(file, "utf8")]);
const embeddings = new TogetherEmbeddings({ client, model: embeddingModel });
const store = await MemoryVectorStore.fromDocuments(passages, embeddings);
const reranker = new TogetherReranker({ client, model: rerankModel, topN: 4, scoreThreshold: 0.2 });
const sources = await reranker.compressDocuments(await store.similaritySearch(question, 20), question);

// The sources are known before the first word, so a reader sees them while the model is still working.
for (const [index, { metadata }] of sources.entries()) {
  console.log(`[${index + 1}] ${file}:${metadata.loc.lines.from}-${metadata.loc.lines.to}`);
}
const context = sources.map(({ pageContent }, index) => `[${index + 1}]\n\n${pageContent}`).join("\n\n");
const chat = new ChatOpenAI({
  model: chatModel,
  apiKey: process.env.TOGETHER_API_KEY,
  configuration: { baseURL: process.env.TOGETHER_BASE_URL ?? "https://api.together.ai/v1" },
});
const answer = await chat.stream([
  ["system", "Answer from these passages alone, and cite them as [1], [2] and so on."],
  ["human", `${context}\n\nQuestion: ${question}`],
]);
for await (const { text } of answer) process.stdout.write(text);
process.stdout.write("\n");
