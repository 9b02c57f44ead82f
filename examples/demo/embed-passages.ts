/** passages -> their vectors, once, with a progress bar */
import { TogetherEmbeddings } from "@together-retrieval/langchain";
import { showProgress } from "./progress.ts";
import type { Service } from "./service.ts";
import type { Passage } from "./split.ts";

/** @returns vector i is passage i's */
export async function embedPassages(
  passages: Passage[],
  { client, embeddingModel }: Service,
): Promise<number[][]> {
  const embeddings = new TogetherEmbeddings({ client, model: embeddingModel });
  const texts = passages.map(({ pageContent }) => pageContent);
  const progress = showProgress(texts.length);
  return embeddings
    .embedDocuments(texts, { onProgress: ({ done }) => progress.update(done) })
    .finally(() => progress.stop());
}
