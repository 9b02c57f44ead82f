/** What a reader of a format finds in a folder: documents, queries, and which documents are relevant to which query */

export interface Text {
  id: string;
  text: string;
}

export interface Collection {
  name: string;
  documents: Text[];
  /** The queries that have a relevant document. The others measure nothing. */
  queries: Text[];
  /** By query, then by document: how relevant, from 1 up. What is not listed is not relevant. */
  judgements: Map<string, Map<string, number>>;
}

/** What a format's reader finds, before it is checked. */
export type Found = Omit<Collection, "name">;

/** Adds a judgement to a table of them. */
export function judge(judgements: Collection["judgements"], query: string, document: string, grade: number) {
  const grades = judgements.get(query) ?? new Map<string, number>();
  judgements.set(query, grades.set(document, grade));
}

/** The title before the text, unless the text begins with it. Trimmed, as LlamaIndex does with a node's text before it embeds it. */
export function withTitle(title: string | undefined, text: string): string {
  const head = title?.trim() ?? "";
  const body = text.trim();
  return body.startsWith(head) ? body : `${head}\n${body}`;
}
