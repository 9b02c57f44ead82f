/** A key for each tenant -> an index for each, built and queried with that key, all at the same time. */
import { readFile } from "node:fs/promises";
import { TogetherClient, TogetherEmbeddings, TogetherError } from "@together-retrieval/llamaindex";
import { Document, MetadataMode, Settings, VectorStoreIndex } from "llamaindex";

const [model = "", file] = process.argv.slice(2);
if (!model || !file) {
  console.error("Usage: multi-tenant-llamaindex.ts EMBEDDING_MODEL KEYS_FILE");
  process.exit(1);
}
// {"acme":"KEY","globex":"KEY"}. In a product, keys come from your store of secrets.
const keys: Record<string, string> = JSON.parse(await readFile(file, "utf8"));

async function search(client: TogetherClient, question: string): Promise<string> {
  const embedModel = new TogetherEmbeddings({ client, model });
  // `Settings.embedModel = …` is shared by all requests: one tenant's request would change the key of another's that is waiting.
  return Settings.withEmbedModel(embedModel, async () => {
    const texts = ["Invoices are due in thirty days.", "The office opens at nine.", "Parcels leave at noon."];
    const index = await VectorStoreIndex.fromDocuments(texts.map((text) => new Document({ text })));
    const [best] = await index.asRetriever({ similarityTopK: 1 }).retrieve(question);
    return best?.node.getContent(MetadataMode.NONE) ?? "nothing found";
  });
}

await Promise.all(
  Object.entries(keys).map(async ([tenant, apiKey]) => {
    const client = new TogetherClient({ apiKey });
    try {
      const answer = await search(client, "When do I have to pay?");
      console.log(`${tenant}: ${answer} (${client.usage.promptTokens} tokens on its bill)`);
    } catch (error) {
      if (!TogetherError.is(error)) throw error;
      console.log(`${tenant}: ${error.message}`);
    }
  }),
);
