/** an index -> questions that its text answers */
import { type IndexHandle, IngestError } from "@together-retrieval/ingest";

/** The READMEs of together-ai, @langchain/core and PGlite answer these. */
export const questionsOnInstalled = [
  "How long does the Together client wait before a request times out?",
  "Why must all LangChain packages share one version of @langchain/core?",
  "How many clients can connect to PGlite at the same time?",
];

/** For any other files: up to three of their headings, taken from the beginning, the middle and the end. @throws IngestError if they have none */
export async function headingsOf(index: IndexHandle): Promise<string[]> {
  const chunks: { place: string; line: number; text: string }[] = [];
  for await (const { text, metadata } of index.chunks()) {
    const { source, loc } = metadata as { source: string; loc?: { lines?: { from: number } } };
    chunks.push({ place: source, line: loc?.lines?.from ?? 0, text });
  }
  // Chunks come in the order of their ids, which are hashes, so they are sorted here.
  chunks.sort((one, other) => one.place.localeCompare(other.place) || one.line - other.line);
  const headings = [...new Set(chunks.flatMap(({ text }) => headingsIn(text)))];
  const telling = headings.filter((heading) => /\S\s+\S/.test(heading));
  const choice = telling.length > 0 ? telling : headings;
  if (choice.length === 0)
    throw new IngestError("source", "The files have no headings to ask about: ask with --ask");
  const count = Math.min(3, choice.length);
  return Array.from(
    { length: count },
    (_, n) => choice[Math.floor(((n + 0.5) * choice.length) / count)] ?? "",
  );
}

/** `# heading` lines outside of code, without their marks. */
function headingsIn(text: string): string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  const lines = [...prose.matchAll(/^#{1,6}[ \t]+(.+?)[ \t#]*$/gm)].map(([, heading = ""]) => heading);
  return lines
    .map((heading) =>
      heading
        .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replace(/[`*]/g, "")
        .trim(),
    )
    .filter((heading) => /\p{L}/u.test(heading));
}
