/** chunks -> up to three of their headings, as questions to begin with; none where there are no headings */
import type { IndexedChunk } from "@together-retrieval/ingest";

export function headingsOf(chunks: IndexedChunk[]): string[] {
  const placed = chunks.map(({ text, metadata }) => {
    const { source, loc } = metadata as { source?: string; loc?: { lines?: { from: number } } };
    return { text, source: String(source), line: loc?.lines?.from ?? 0 };
  });
  placed.sort((one, other) => one.source.localeCompare(other.source) || one.line - other.line);
  const headings = [...new Set(placed.flatMap(({ text }) => headingsIn(text)))];
  const count = Math.min(3, headings.length);
  return Array.from(
    { length: count },
    (_, n) => headings[Math.floor(((n + 0.5) * headings.length) / count)] ?? "",
  );
}

/** Headings of two words or more outside of code. A single word is no question. */
function headingsIn(text: string): string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?(?:^\1|$(?![\s\S]))/gm, "");
  return [...prose.matchAll(/^#{1,6}[ \t]+(.+?)[ \t#]*$/gm)]
    .map(([, heading = ""]) =>
      heading
        .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replace(/[`*]/g, "")
        .trim(),
    )
    .filter((heading) => /\p{L}\S*\s+\S/u.test(heading));
}
