/** files -> passages of a length that the small local model reads whole */
import type { Document } from "@langchain/core/documents";
import { MarkdownTextSplitter } from "@langchain/textsplitters";
import { BadInput } from "./bad-input.ts";
import type { TextFile } from "./text-file.ts";

/** About 100 tokens of English Markdown: the local model reads up to 256. */
const passageCharacters = 500;

/** A part of a file; `source` says which: `package/README.md:12-20`. */
export type Passage = Document<{ source: string }>;

/** @throws BadInput when nothing is left that has a letter or a digit in it */
export async function splitFiles(files: TextFile[]): Promise<Passage[]> {
  const splitter = new MarkdownTextSplitter({ chunkSize: passageCharacters, chunkOverlap: 0 });
  const documents = await splitter.createDocuments(
    files.map(({ text }) => withoutComments(text)),
    files.map(({ name }) => ({ name })),
  );
  const passages = documents
    .filter(({ pageContent }) => /[\p{L}\p{N}]/u.test(pageContent))
    .map(({ pageContent, metadata }) => {
      const { from, to } = metadata.loc.lines;
      return {
        pageContent,
        metadata: { source: `${metadata.name}:${from === to ? from : `${from}-${to}`}` },
      };
    });
  if (passages.length === 0) throw new BadInput("The files hold no text to answer from");
  return passages;
}

/** HTML comments are for tools, not for readers. Their line breaks stay: sources name lines. */
function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ""));
}

/** At most `limit` passages from the start, of whole files. */
export function firstFiles(passages: Passage[], limit: number): Passage[] {
  const next = passages[limit];
  if (!next) return passages;
  return passages.slice(
    0,
    passages.findIndex((passage) => fileOf(passage) === fileOf(next)),
  );
}

export function fileOf({ metadata }: Passage): string {
  return metadata.source.slice(0, metadata.source.lastIndexOf(":"));
}
