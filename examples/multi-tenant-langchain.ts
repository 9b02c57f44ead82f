/** A key for each tenant -> a client for each, kept: what one of them sends, spends or gets wrong touches no other. */
import { readFile } from "node:fs/promises";
import { TogetherClient, TogetherEmbeddings, TogetherError } from "@together-retrieval/langchain";

const [model = "", file] = process.argv.slice(2);
if (!model || !file) {
  console.error("Usage: multi-tenant-langchain.ts EMBEDDING_MODEL KEYS_FILE");
  process.exit(1);
}
// {"acme":"KEY","globex":"KEY"}: in a product this is your store of secrets.
const keys: Record<string, string> = JSON.parse(await readFile(file, "utf8"));
const clients = new Map<string, TogetherClient>();

/** A client learns the rate that its key is allowed: a new one for each request would have to learn it again. */
function clientOf(tenant: string): TogetherClient {
  const apiKey = keys[tenant];
  // Never fall back on a key of your own: one tenant's texts would go out on another's account.
  if (!apiKey) throw new Error(`Tenant ${tenant} has no key`);
  const client = clients.get(tenant) ?? new TogetherClient({ apiKey });
  clients.set(tenant, client);
  return client;
}

async function embedFor(tenant: string, texts: string[]): Promise<void> {
  try {
    const client = clientOf(tenant);
    const vectors = await new TogetherEmbeddings({ client, model }).embedDocuments(texts);
    console.log(`${tenant}: ${vectors.length} vectors, ${client.usage.promptTokens} tokens on its bill`);
  } catch (error) {
    if (!TogetherError.is(error)) throw error;
    console.log(`${tenant}: ${error.message}`);
  }
}

const texts = ["One note", "Another note"];
await Promise.all(Object.keys(keys).map((tenant) => embedFor(tenant, texts)));
