/** The contract's way in through the core itself. */
import { TogetherClient } from "@together-retrieval/core";
import { KEY, MODEL } from "./client.ts";
import type { Door } from "./door.ts";

export const door: Door = {
  name: "core",
  cannot: {},
  open: (settings) => {
    const client =
      settings.shared ?? new TogetherClient({ apiKey: KEY, baseURL: settings.baseURL, ...settings.client });
    const embed = { model: MODEL, ...settings.embed };
    const rerank = { model: MODEL, ...settings.rerank };
    return {
      embedDocuments: (texts, call) => client.embed(texts, { ...embed, ...call }),
      embedQuery: async (text, call) => {
        const [vector] = await client.embed([text], { ...embed, ...call, inputType: "query" });
        return vector as number[];
      },
      rerank: (query, documents, call) => client.rerank(query, documents, { ...rerank, ...call }),
    };
  },
};
