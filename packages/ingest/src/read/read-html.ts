/** a page of HTML -> its text, headings and paragraphs apart, without scripts, styles, navigation and links' addresses */
import { convert } from "html-to-text";

const skipped = ["nav", "footer", "script", "style", "noscript", "template", "svg"];

export function readHtml(html: string): string {
  const headings = ["h1", "h2", "h3", "h4", "h5", "h6"];
  return convert(html, {
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
