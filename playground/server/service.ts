/** live options, or none -> what embeds and ranks: the real API, or a local server that is started here */
import { profiles, TogetherClient, type TogetherClientOptions } from "@together-retrieval/core";
import { startLocalServer } from "@together-retrieval/local";
import Together from "together-ai";
import type { EmbeddingModel, ServiceInfo } from "../wire.ts";
import type { LiveOptions } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";

export interface Service {
  info: ServiceInfo;
  embeddingModels: EmbeddingModel[];
  rerankModels: string[];
  /** The most passages in one request while an index is built. By default the client's own limit. */
  batchSize: number | undefined;
  /** A new client for each search, so that it counts the tokens of that search only. */
  client(options?: TogetherClientOptions): TogetherClient;
  close(): Promise<void>;
}

/** The model of the local server, and two whose query prompts are worth a comparison. */
const localModels = [
  "all-MiniLM-L6-v2",
  "BAAI/bge-base-en-v1.5",
  "intfloat/multilingual-e5-large-instruct",
] as const;

/**
 * @param only The model of an index that is there already: questions are embedded with no other.
 * @throws BadInput for one that the local server does not have
 */
export async function openService(
  live: LiveOptions | undefined,
  only: EmbeddingModel | undefined,
): Promise<Service> {
  if (live) {
    const together = new Together({ apiKey: live.apiKey });
    return {
      info: { kind: "live", url: together.baseURL, answeredBy: null },
      embeddingModels: only ? [only] : live.embeddingModels.map((id) => describeModel(id, live.profile)),
      rerankModels: live.rerankModels,
      batchSize: undefined,
      client: (options) => new TogetherClient({ ...options, together }),
      close: async () => {},
    };
  }
  // It would also answer to any other name, but with vectors of another model.
  if (only && only.id.split("/").at(-1) !== localModels[0])
    throw new BadInput(
      `--index: it was made with ${only.id}, and questions need the same model: add --live, or make the index with ` +
        `npx @together-retrieval/local and --model ${localModels[0]}`,
    );
  const server = await startLocalServer({ port: 0 });
  const together = new Together({ apiKey: "local", baseURL: server.url });
  return {
    info: { kind: "local", url: server.url, answeredBy: localModels[0] },
    embeddingModels: only ? [only] : localModels.map((id) => describeModel(id, undefined)),
    rerankModels: [localModels[0]],
    // The server is on this machine, so small requests cost little, and the page shows the progress in small steps.
    batchSize: 16,
    // The model computes one batch after another, so more requests at once would only wait, and time out on a busy machine.
    client: (options) => new TogetherClient({ maxConcurrency: 2, timeoutMs: 300_000, ...options, together }),
    close: () => server.close(),
  };
}

/** A known model has a profile of its own. */
export function describeModel(id: string, profile: string | undefined): EmbeddingModel {
  const isKnown = Object.hasOwn(profiles, id);
  const behind = isKnown ? id : profile;
  const queryPrompt = (behind && profiles[behind]?.queryPrompt) || null;
  return { id, queryPrompt, profile: isKnown ? null : (profile ?? null) };
}
