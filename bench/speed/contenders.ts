/** Clients by the names of the tables, with the settings that they run with. */
import type { ClientName, Settings } from "./client/task.ts";

export interface Contender {
  name: string;
  client: ClientName;
  settings: Settings;
  isOurs: boolean;
}

const labels: Record<ClientName, string> = {
  floor: "floor: undici + JSON.parse",
  core: "ours: core",
  langchain: "ours: LangChain",
  llamaindex: "ours: LlamaIndex",
  "together-ai": "together-ai + p-map",
  "langchain-openai": "LangChain OpenAIEmbeddings",
  "langchain-togetherai": "LangChain TogetherAIEmbeddings",
  "llamaindex-together": "LlamaIndex TogetherEmbedding",
  "ai-sdk": "AI SDK embedMany",
};

const ours: ClientName[] = ["core", "langchain", "llamaindex"];

/** With no settings the client is as it comes. */
export function contender(client: ClientName, settings: Settings = {}): Contender {
  const { batchSize, concurrency, encoding } = settings;
  const words = [
    ...(batchSize ? [`${batchSize} a request`] : []),
    ...(concurrency ? [`${concurrency} at once`] : []),
    ...(encoding ? [encoding] : []),
  ];
  const name = words.length > 0 ? `${labels[client]}, ${words.join(", ")}` : labels[client];
  return { name, client, settings, isOurs: ours.includes(client) };
}
