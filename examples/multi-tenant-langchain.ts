/** A key for each tenant -> a client for each, which is kept. What one tenant sends, spends or gets wrong does not affect the others. */
import { readFile } from "node:fs/promises";
import { TogetherClient, TogetherEmbeddings, TogetherError } from "@together-retrieval/langchain";

const [model = "", file] = process.argv.slice(2);
if (!model || !file) {
  console.error("Usage: multi-tenant-langchain.ts EMBEDDING_MODEL KEYS_FILE");
  process.exit(1);
}
// {"acme":"KEY","globex":"KEY"}. In a product, keys come from your store of secrets.
const keys: Record<string, string> = JSON.parse(await readFile(file, "utf8"));
const clients = new Map<string, TogetherClient>();

/** A client learns which rate its key is allowed. A new client for each request would have to learn it again. */
function clientOf(tenant: string): TogetherClient {
  const apiKey = keys[tenant];
  // Never fall back on a key of your own: the tenant's texts would be sent and billed on your account.
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
