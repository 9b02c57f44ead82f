/** A Markdown file and a question -> an agent that searches the file, then answers. Ctrl-C ends a request in progress. */
import { readFile } from "node:fs/promises";
import { tool } from "@langchain/core/tools";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { TogetherReranker } from "@together-retrieval/langchain";
import { z } from "zod";

const [rerankModel, chatModel, file, question] = process.argv.slice(2);
if (!rerankModel || !chatModel || !file || !question) {
  console.error("Usage: langgraph-agent.ts RERANK_MODEL CHAT_MODEL FILE QUESTION");
  process.exit(1);
}
const sections = (await readFile(file, "utf8")).split(/\n(?=#)/);
const reranker = new TogetherReranker({ model: rerankModel, topN: 4 });
const search = tool(
  async ({ query }) => (await reranker.rerank(sections, query)).map(({ document }) => document).join("\n\n"),
  { name: "search", description: "Searches the file.", schema: z.object({ query: z.string() }) },
);
const configuration = { baseURL: process.env.TOGETHER_BASE_URL ?? "https://api.together.ai/v1" };
const chat = new ChatOpenAI({ model: chatModel, apiKey: process.env.TOGETHER_API_KEY, configuration });
const agent = new StateGraph(MessagesAnnotation)
  .addNode("tools", new ToolNode([search]))
  .addNode("answer", async ({ messages }) => ({ messages: await chat.bindTools([search]).invoke(messages) }))
  .addEdge(START, "tools") // the first search is not left to the model; more of them are
  .addEdge("tools", "answer")
  .addConditionalEdges("answer", toolsCondition)
  .compile();
const ask = { role: "ai", content: "", tool_calls: [{ name: "search", args: { query: question }, id: "1" }] };
const stop = new AbortController(); // no call above is given its signal: inside the run each ends with it
process.once("SIGINT", () => stop.abort());
try {
  const result = await agent.invoke({ messages: [["human", question], ask] }, { signal: stop.signal });
  console.log(result.messages.at(-1)?.text);
} catch (error) {
  if (!stop.signal.aborted) throw error;
  console.log("Stopped: the request that was out is ended, and no other begins.");
}
