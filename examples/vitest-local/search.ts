/** The code under test: a question and documents -> the best document. It would work with any Together client. */
import type Together from "together-ai";

export async function search(together: Together, question: string, documents: string[]): Promise<string> {
  const { data } = await together.embeddings.create({
    model: "my/embedding",
    input: [question, ...documents],
  });
  const [asked = [], ...vectors] = data.toSorted((a, b) => a.index - b.index).map((row) => row.embedding);
  const cosine = (vector: number[]) => vector.reduce((sum, value, i) => sum + value * (asked[i] ?? 0), 0);
  const nearest = documents
    .map((document, i) => ({ document, score: cosine(vectors[i] ?? []) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ document }) => document);
  const { results } = await together.rerank.create({
    model: "my/rerank",
    query: question,
    documents: nearest,
    top_n: 1,
  });
  return nearest[results[0]?.index ?? 0] ?? "";
}
