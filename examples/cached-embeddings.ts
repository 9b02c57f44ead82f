/** A Markdown file and a folder -> the file's vectors. Those that the folder has are read from it, so a second run sends nothing. */
import { readFile } from "node:fs/promises";
import { CacheBackedEmbeddings } from "@langchain/classic/embeddings/cache_backed";
import { LocalFileStore } from "@langchain/classic/storage/file_system";
import { MarkdownTextSplitter } from "@langchain/textsplitters";
import { TogetherClient, TogetherEmbeddings } from "@together-retrieval/langchain";

const [model, file, folder] = process.argv.slice(2);
if (!model || !file || !folder) {
  console.error("Usage: cached-embeddings.ts EMBEDDING_MODEL FILE CACHE_FOLDER");
  process.exit(1);
}
const client = new TogetherClient();
const underlying = new TogetherEmbeddings({ client, model });

// Vectors of two models must not be mixed, so the model's name begins every key. Change the name as well whenever
// `profile`, `dimensions`, `extraBody`, `normalize` or `longInput` changes, because these change the vectors. A key of this store must not contain a slash.
const store = await LocalFileStore.fromPath(folder);
const namespace = `${model.replaceAll("/", "_")}-`;
const embeddings = CacheBackedEmbeddings.fromBytesStore(underlying, store, { namespace });

const splitter = new MarkdownTextSplitter({ chunkSize: 500, chunkOverlap: 0 });
const passages = await splitter.createDocuments([await readFile(file, "utf8")]);
const vectors = await embeddings.embedDocuments(passages.map(({ pageContent }) => pageContent));

const { requests, promptTokens } = client.usage;
console.log(`${vectors.length} vectors of ${vectors[0]?.length ?? 0} dimensions`);
console.log(`Sent for them: ${requests} requests, ${promptTokens} tokens`);
