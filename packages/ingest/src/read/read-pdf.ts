/** the bytes of a PDF -> its text, a block for each page that has some */
import { extractText, getDocumentProxy } from "unpdf";
import { oneLine } from "../explain.ts";
import { IngestError } from "../ingest-error.ts";
import type { Block } from "./source-document.ts";

/** @throws IngestError for what is no PDF, is locked by a password, or holds pictures alone */
export async function readPdf(content: Uint8Array, name: string): Promise<Block[]> {
  let pages: string[];
  try {
    const document = await getDocumentProxy(new Uint8Array(content), { verbosity: 0 });
    pages = (await extractText(document)).text;
    await document.destroy();
  } catch (error) {
    throw new IngestError(
      "source",
      `Cannot read ${name} as PDF: ${oneLine(String((error as Error).message))}`,
      { cause: error },
    );
  }
  const blocks = pages.map((text, at) => ({
    text: text.replaceAll("\0", ""),
    metadata: { loc: { pageNumber: at + 1 } },
  }));
  if (blocks.every(({ text }) => text.trim() === "")) {
    throw new IngestError(
      "source",
      `${name} holds no text: its pages may be pictures, which need text recognition first`,
    );
  }
  return blocks;
}
