/** a collection -> one of long documents: several of its own joined; relevant where one of them is */
import { randomNumbers } from "./bootstrap.ts";
import type { Collection, Text } from "./found.ts";

export function joinDocuments(collection: Collection, size: number): Collection {
  const groups = inGroups(shuffled(collection.documents), size);
  const documents = groups.map((group, at) => ({
    id: `long-${at}`,
    text: group.map(({ text }) => text).join("\n\n"),
  }));
  const longIdOf = new Map(groups.flatMap((group, at) => group.map(({ id }) => [id, `long-${at}`] as const)));
  const judgements = new Map(
    [...collection.judgements].map(([query, grades]) => {
      const joined = new Map<string, number>();
      for (const [id, grade] of grades) {
        const longId = longIdOf.get(id) as string;
        joined.set(longId, Math.max(grade, joined.get(longId) ?? 0));
      }
      return [query, joined];
    }),
  );
  return { ...collection, name: `${collection.name}, ${size} joined`, documents, judgements };
}

/** Shuffled in the same order in every run, so that neighbours in the collection are not joined. */
function shuffled(documents: readonly Text[]): Text[] {
  const random = randomNumbers(7);
  return documents
    .map((document) => ({ document, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ document }) => document);
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
