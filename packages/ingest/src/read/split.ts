/** a document's blocks -> chunks of so many tokens at most, with the lines where they stand */
import type { TokenCounter } from "../index/profile.ts";
import { type Chunk, chunkId } from "./chunk.ts";
import type { Block, SourceDocument } from "./source-document.ts";
import { storableText } from "./storable.ts";

export interface SplitOptions {
  chunkSize: number;
  chunkOverlap: number;
  counter: TokenCounter;
  fingerprint: string;
}

export class ChunkSplitter {
  readonly #options: SplitOptions;
  #splitters: ReturnType<typeof makeSplitters> | undefined;

  constructor(options: SplitOptions) {
    this.#options = options;
  }

  /** What has neither a letter nor a digit, such as a rule between sections, answers no question and is left out. */
  async *split(document: SourceDocument): AsyncGenerator<Chunk> {
    for await (const block of document.blocks()) {
      for (const piece of await this.#pieces(document, block)) {
        if (!/[\p{L}\p{N}]/u.test(piece.text)) continue;
        // Whatever the format, the text that gets a vector is the text that can be stored.
        const text = storableText(piece.text);
        const tokens = this.#options.counter.count(text);
        yield { ...piece, text, id: chunkId(text, this.#options.fingerprint), tokens };
      }
    }
  }

  async #pieces(
    { format, metadata }: SourceDocument,
    block: Block,
  ): Promise<Pick<Chunk, "text" | "metadata">[]> {
    const { text, line, metadata: own } = block;
    // Most records are short: the splitter's work on lines is saved.
    if (line === undefined && this.#options.counter.count(text) <= this.#options.chunkSize)
      return [{ text: text.trim(), metadata: { ...metadata, ...own } }];
    this.#splitters ??= makeSplitters(this.#options);
    const splitter = (await this.#splitters)[format === "markdown" ? "markdown" : "text"];
    const pieces = await splitter.createDocuments([text]);
    return pieces.map(({ pageContent, metadata: found }) => {
      const { from, to } = found.loc.lines as { from: number; to: number };
      const loc = line === undefined ? undefined : { lines: { from: from + line - 1, to: to + line - 1 } };
      return { text: pageContent, metadata: { ...metadata, ...(loc && { loc }), ...own } };
    });
  }
}

/** Loaded when a text is split: a search, which needs none of it, starts a third of a second sooner. */
async function makeSplitters({ chunkSize, chunkOverlap, counter }: SplitOptions) {
  const { MarkdownTextSplitter, RecursiveCharacterTextSplitter } = await import("@langchain/textsplitters");
  const parameters = { chunkSize, chunkOverlap, lengthFunction: (text: string) => counter.count(text) };
  return {
    markdown: new MarkdownTextSplitter(parameters),
    text: new RecursiveCharacterTextSplitter(parameters),
  };
}
