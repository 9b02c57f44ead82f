/** live options, or none -> who embeds and ranks: the real API, or a local server that is started here */
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
  /** The most passages in one request while an index is built; undefined as the client has it. */
  batchSize: number | undefined;
  /** A client of the one who asks: what it counts is that one's alone. */
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
  // To any other name it would answer too, with vectors of another space.
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
    // No request travels far: small ones show on the page how far the index is.
    batchSize: 16,
    // One model computes one batch after another: more requests at once would only wait, and on a busy machine time out.
    client: (options) => new TogetherClient({ maxConcurrency: 2, timeoutMs: 300_000, ...options, together }),
    close: () => server.close(),
  };
}

/** A model that is known goes by its own profile. */
export function describeModel(id: string, profile: string | undefined): EmbeddingModel {
  const isKnown = Object.hasOwn(profiles, id);
  const behind = isKnown ? id : profile;
  const queryPrompt = (behind && profiles[behind]?.queryPrompt) || null;
  return { id, queryPrompt, profile: isKnown ? null : (profile ?? null) };
}
