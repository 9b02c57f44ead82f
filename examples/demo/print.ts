/** what was found and answered -> lines for a person */
import type { Usage } from "@together-retrieval/core";
import type { AddSummary } from "@together-retrieval/ingest";
import type { Answer } from "./answer.ts";
import { agree, type Finding, type Findings } from "./finding.ts";
import type { Service } from "./service.ts";

const width = 110;

const count = (value: number) => value.toLocaleString("en");
const plural = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

export function printService({ description }: Service): void {
  for (const [index, line] of description.entries())
    console.log(`${(index ? "" : "Models").padEnd(15)}${line}`);
}

/** How much was read, and what could not be read. */
export function printAdded({ documents, chunks, unreadable, searchIndex }: AddSummary): void {
  const files = documents - unreadable.length;
  console.log(`Documentation  ${plural(files, "file")}, split into ${plural(chunks, "passage")}`);
  for (const { reason } of unreadable) console.log(`Left out       ${reason}`);
  console.log(`Stored         in pgvector on PGlite; search index: ${searchIndex}`);
}

/** What reranking moved to the top, and whether the frameworks agree. The scores shown are LangChain's. */
export function printMoves(langChain: Findings, llamaIndex: Findings): void {
  const { candidates, best } = langChain;
  console.log(`\n  Reranking kept ${best.length} of ${candidates.length}`);
  for (const [index, found] of best.entries()) {
    const before = candidates.findIndex(({ id }) => id === found.id) + 1;
    const move = before === index + 1 ? "stayed" : `was ${before}`;
    console.log(`    ${index + 1}  ${move.padEnd(8)}${found.score.toFixed(4)}  ${found.source}`);
  }
  printAgreement(langChain, llamaIndex);
}

/** The scores of both frameworks side by side, and where reranking moved each passage. */
export function printTables(langChain: Findings, llamaIndex: Findings): void {
  const { candidates, best } = langChain;
  const rankIn = (list: Finding[], { id }: Finding) => list.findIndex((other) => other.id === id) + 1;

  printHead(`Top ${candidates.length} by vector (cosine)`, "after reranking");
  for (const [index, found] of candidates.entries()) {
    const rank = rankIn(best, found);
    printRow(index + 1, found, llamaIndex.candidates[index], rank ? `→ ${rank}` : "");
  }
  printHead(`Top ${best.length} after reranking (relevance)`, "by vector");
  for (const [index, found] of best.entries()) {
    printRow(index + 1, found, llamaIndex.best[index], `was ${rankIn(candidates, found)}`);
    console.log(`      ${excerpt(found.text)}`);
  }
}

function printAgreement(langChain: Findings, llamaIndex: Findings): void {
  console.log(
    agree(langChain, llamaIndex)
      ? "  LangChain and LlamaIndex agree: the same passages, in the same order, with the same scores."
      : "  LangChain and LlamaIndex DISAGREE: --details shows both scores.",
  );
}

function printHead(title: string, last: string): void {
  console.log(`\n  ${title.padEnd(62)}${"LangChain".padStart(11)}${"LlamaIndex".padStart(12)}   ${last}`);
}

function printRow(rank: number, one: Finding, other: Finding | undefined, note: string): void {
  const scores = [one.score.toFixed(4).padStart(10), (other?.score.toFixed(4) ?? "none").padStart(12)];
  // If the frameworks found different passages, their scores belong to different passages.
  const name = one.id === other?.id ? one.source : `${one.source} | ${other?.source}`;
  console.log(`  ${String(rank).padStart(2)}  ${name.padEnd(58)}${scores.join("")}    ${note}`.trimEnd());
}

/** A passage on one line, without its code and heading marks. */
function excerpt(text: string): string {
  const prose = text.replace(/```\w*|^#+ /gm, "");
  const line = prose.replace(/\s+/g, " ").trim();
  return line.length > width - 8 ? `${line.slice(0, width - 9)}…` : line;
}

export function printAnswer(answer: Answer | undefined): void {
  if (!answer) {
    console.log("\n  No answer: name a model for it with --chat-model.");
    return;
  }
  console.log("\n  Answer");
  for (const line of answer.text.split("\n").flatMap(wrap)) console.log(line ? `    ${line}` : "");
  console.log(`  Sources: ${answer.sources.join(", ") || "none cited"}`);
}

function wrap(line: string): string[] {
  const lines = [""];
  for (const word of line.split(/\s+/)) {
    const last = lines.at(-1) ?? "";
    if (last && last.length + word.length >= width - 8) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

export function printTotals(usage: Usage, chat: { requests: number; tokens: number }): void {
  const requests = usage.requests + chat.requests;
  const tokens = usage.promptTokens + chat.tokens;
  const seconds = performance.now() / 1000;
  console.log(
    `\nTotals         ${count(requests)} requests, ${count(tokens)} tokens, ${seconds.toFixed(1)} seconds`,
  );
}
