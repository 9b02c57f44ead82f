/** a page of HTML -> its text, headings and paragraphs apart, without scripts, styles, navigation and links' addresses */
import { convert } from "html-to-text";
import { IngestError } from "../ingest-error.ts";

const skipped = ["nav", "footer", "script", "style", "noscript", "template", "svg"];

/** @throws IngestError for bytes that are no text */
export function readHtml(content: Uint8Array, name: string): string {
  const headings = ["h1", "h2", "h3", "h4", "h5", "h6"];
  return convert(decodePage(content, name), {
    wordwrap: false,
    selectors: [
      ...skipped.map((selector) => ({ selector, format: "skip" })),
      ...headings.map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: "a", options: { ignoreHref: true } },
      { selector: "img", format: "skip" },
      { selector: "table", format: "dataTable", options: { uppercaseHeaderCells: false } },
    ],
  });
}

/** By its byte order mark, else by the encoding that it names in its first kilobyte, else as UTF-8. */
function decodePage(content: Uint8Array, name: string): string {
  const start = Buffer.from(content.subarray(0, 1_024)).toString("latin1");
  const named = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1];
  const marked = start.startsWith("\xff\xfe") ? "utf-16le" : start.startsWith("\xfe\xff") ? "utf-16be" : "";
  const encoding = marked || (start.startsWith("\xef\xbb\xbf") ? "utf-8" : (named ?? "utf-8"));
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(content);
    if (!text.includes("\0")) return text;
  } catch {
    // Another encoding, or one that nobody knows: said below.
  }
  throw new IngestError("source", `${name} is no text: expected ${encoding}`);
}
