/** The local server's chat under the prompts that the hosts themselves make: it finds the question and the context in them, and quotes only the context. */

import { createStuffDocumentsChain } from "@langchain/classic/chains/combine_documents";
import { createRetrievalChain } from "@langchain/classic/chains/retrieval";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { ChatOpenAI } from "@langchain/openai";
import * as prompts from "@llamaindex/core/prompts";
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import { type LocalServer, startLocalServer } from "@together-retrieval/local";
import { afterAll, beforeAll, expect, it } from "vitest";

const question = "When do I have to pay?";
const best = "Invoices are due within thirty days.";
const texts = [best, "The office is closed on public holidays. Parcels leave every morning."];
const answer = `From the given context, word for word (no language model runs here):\n\n${best}`;

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.close());

async function ask(...messages: { role: string; content: string }[]): Promise<string> {
  const body = JSON.stringify({ model: "any", messages });
  const headers = { authorization: "Bearer any", "content-type": "application/json" };
  const response = await fetch(`${server.url}/chat/completions`, { method: "POST", headers, body });
  return (await response.json()).choices[0].message.content;
}

const given = { context: texts.join("\n\n"), query: question };
it.each([
  ["text QA", prompts.defaultTextQAPrompt.format(given)],
  ["text QA with tags", prompts.anthropicTextQaPrompt.format(given)],
  ["tree summarize", prompts.defaultTreeSummarizePrompt.format(given)],
  ["refine", prompts.defaultRefinePrompt.format({ ...given, existingAnswer: answer })],
])("LlamaIndex's prompt: %s", async (_, content) => {
  expect(await ask({ role: "user", content })).toBe(answer);
});

it("LlamaIndex's system prompt of a chat engine", async () => {
  const content = prompts.defaultContextSystemPrompt.format({ context: given.context });
  expect(await ask({ role: "system", content }, { role: "user", content: question })).toBe(answer);
});

it.each([
  "You are an assistant for question-answering tasks. Use the following pieces of retrieved context to answer the question. If you don't know the answer, say that you don't know.\n\n{context}",
  "Answer the user's questions based on the below context:\n\n{context}",
  "Answer the user's question: use this.\n<context>\n{context}\n</context>",
])("LangChain's createRetrievalChain over createStuffDocumentsChain: %s", async (system) => {
  const at = { apiKey: "any", model: "any" };
  const llm = new ChatOpenAI({ ...at, configuration: { baseURL: server.url } });
  const embeddings = new TogetherEmbeddings({ ...at, baseURL: server.url });
  const documents = texts.map((pageContent) => new Document({ pageContent }));
  const retriever = (await MemoryVectorStore.fromDocuments(documents, embeddings)).asRetriever();
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", system],
    ["human", "{input}"],
  ]);
  const combineDocsChain = await createStuffDocumentsChain({ llm, prompt });
  const chain = await createRetrievalChain({ retriever, combineDocsChain });
  expect((await chain.invoke({ input: question })).answer).toBe(answer);
});
