/** live options, or none -> what embeds, ranks and answers: the real API, or a local server that is started here */
import { TogetherClient } from "@together-retrieval/core";
import { startLocalServer } from "@together-retrieval/local";
import Together from "together-ai";
import type { LiveOptions } from "./arguments.ts";

export interface Service {
  /** What the demo's first lines say about it. */
  description: string[];
  /** The official client. Chat requests go through it, and so do those of the core. */
  together: Together;
  /** Both frameworks share it, so they keep to one rate limit and their tokens are counted together. */
  client: TogetherClient;
  embeddingModel: string;
  rerankModel: string;
  chatModel: string | undefined;
  close(): Promise<void>;
}

export async function openService(live: LiveOptions | undefined): Promise<Service> {
  if (live) {
    const { apiKey, ...models } = live;
    const together = new Together({ apiKey });
    const client = new TogetherClient({ together });
    return {
      description: [`the API at ${together.baseURL}`],
      together,
      client,
      ...models,
      close: async () => {},
    };
  }
  const server = await startLocalServer({ port: 0 });
  const together = new Together({ apiKey: "local", baseURL: server.url });
  const model = "all-MiniLM-L6-v2";
  return {
    description: [
      `a local server at ${server.url}, with the small model ${model}: no key, no network`,
      "its relevance scores are a heuristic on that model's vectors, not a cross-encoder's",
    ],
    together,
    // The model computes one batch after another, so more requests at once would only wait. On a busy machine a batch may
    // take minutes, and sending it again would only add to the work.
    client: new TogetherClient({ together, maxConcurrency: 2, timeoutMs: 15 * 60_000 }),
    embeddingModel: model,
    rerankModel: model,
    chatModel: model,
    close: () => server.close(),
  };
}
