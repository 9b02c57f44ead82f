/**
 * The LangChain adapter in its host, and then saved and loaded again. By itself because the `load` of `@langchain/core` 1.0.0
 * imports `node:async_hooks`: it cannot be bundled for Workers and pages, where all the rest works.
 */
import { load } from "@langchain/core/load";
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import { check as checkAllElse } from "./langchain.mjs";
import { apiKey, model, question } from "./notes.mjs";
import { same } from "./same.mjs";

export async function check(baseURL) {
  await checkAllElse(baseURL);
  const saved = JSON.stringify(new TogetherEmbeddings({ apiKey, baseURL, model }));
  same("the key in JSON", saved.includes(apiKey), false);
  const copy = await load(saved, {
    importMap: { embeddings__together: { TogetherEmbeddings } },
    secretsMap: { TOGETHER_API_KEY: apiKey },
  });
  same("the copy's vector", (await copy.embedQuery(question)).length, 384);
}
