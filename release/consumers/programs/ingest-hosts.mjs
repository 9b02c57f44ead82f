/** An index through the retrievers of both hosts, whose classes are the ones that the application installed. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BaseRetriever as LangChainRetriever } from "@langchain/core/retrievers";
import { BaseRetriever as LlamaIndexRetriever } from "@llamaindex/core/retriever";
import { TogetherClient } from "@together-retrieval/core";
import { addToIndex, openIndex } from "@together-retrieval/ingest";
import { IndexRetriever as ForLangChain } from "@together-retrieval/ingest/langchain";
import { IndexRetriever as ForLlamaIndex } from "@together-retrieval/ingest/llamaindex";
import { apiKey, model, notes, question } from "./notes.mjs";
import { same } from "./same.mjs";

export async function check(baseURL) {
  const client = new TogetherClient({ apiKey, baseURL });
  const scratch = await mkdtemp(join(tmpdir(), "consumer-"));
  try {
    const paths = join(scratch, "notes.jsonl");
    await writeFile(paths, notes.map((text) => JSON.stringify({ text })).join("\n"));
    const to = join(scratch, "index");
    await addToIndex({ paths, to, model, client });
    const index = await openIndex({ to });
    try {
      const options = { index, client, hybrid: true, top: 1 };
      const [langchain, llamaindex] = [new ForLangChain(options), new ForLlamaIndex(options)];
      same("LangChain's class", langchain instanceof LangChainRetriever, true);
      same("LlamaIndex's class", llamaindex instanceof LlamaIndexRetriever, true);
      const [document] = await langchain.invoke(question);
      const [{ node }] = await llamaindex.retrieve({ query: question });
      same("the best of both", [document.pageContent, node.text], [notes[0], notes[0]]);
    } finally {
      await index.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
