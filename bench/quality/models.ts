/** what the command line asks for -> the models that answer: the local server's, or those of an API */
import { type ModelProfile, profiles } from "@together-retrieval/core";
import { startLocalServer } from "@together-retrieval/local";
import { bertTokenizer, withTokenizer } from "@together-retrieval/tokenizers";
import ensureBuilt from "../../packages/local/scripts/ensure-built.ts";
import type { Arguments } from "./arguments.ts";
import type { Api } from "./keeper.ts";

export interface OpenModel {
  source: Api;
  model: string;
  reranker: string;
  profile: ModelProfile;
  close(): Promise<void>;
}

export async function openModel({ live }: Pick<Arguments, "live">): Promise<OpenModel> {
  return live ? openLive(live) : openLocal();
}

/** all-MiniLM-L6-v2 reads BERT's vocabulary, 256 tokens of a text, and was trained without prompts. */
export async function openLocal(): Promise<OpenModel> {
  await ensureBuilt();
  const server = await startLocalServer();
  return {
    source: { url: server.url, apiKey: "any" },
    model: "all-MiniLM-L6-v2",
    reranker: "the local server's heuristic",
    profile: { maxTokens: 256, tokenizer: bertTokenizer() },
    close: () => server.close(),
  };
}

function openLive({ model, reranker }: NonNullable<Arguments["live"]>): OpenModel {
  const apiKey = process.env.TOGETHER_API_KEY?.trim();
  if (!apiKey) throw new Error("--live needs a key in TOGETHER_API_KEY");
  const url = process.env.TOGETHER_BASE_URL ?? "https://api.together.ai/v1";
  return { source: { url, apiKey }, model, reranker, profile: profileOf(model), close: async () => {} };
}

/** With a tokenizer where one comes without a download. */
function profileOf(model: string): ModelProfile {
  try {
    return withTokenizer(model);
  } catch {
    return profiles[model] ?? {};
  }
}
