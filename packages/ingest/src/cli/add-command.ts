/** `add` and `retry-failed`: flags -> chunks with vectors, and a summary. */
import { type Command, Option } from "commander";
import { addToIndex } from "../index/add.ts";
import type { AddOptions, AddSummary } from "../index/add-options.ts";
import { readProfile } from "../index/profile.ts";
import { retryRefused } from "../index/retry-refused.ts";
import { exitCodes } from "../ingest-error.ts";
import { type Format, formats } from "../read/source-document.ts";
import {
  type IndexFlags,
  indexCommand,
  positiveNumber,
  stopSignal,
  wantsJson,
  wholeNumber,
} from "./arguments.ts";
import { costOf, durationOf, showProgress } from "./progress.ts";

interface AddFlags extends IndexFlags {
  model?: string;
  profile?: string;
  format?: Format;
  source?: string;
  textField?: string;
  idField?: string;
  chunkSize?: number;
  chunkOverlap?: number;
  language?: string;
  sameModel?: boolean;
  batchSize?: number;
  refusedFile?: string;
  redis?: string;
  priority?: number;
  price?: number;
}

export function addCommand(): Command {
  return indexCommand("add", "Embed what an index does not have yet, and remove what is gone.")
    .argument("<paths...>", "files and folders; - for standard input")
    .option("--model <id>", "the embedding model; a new index needs one, and keeps it")
    .option("--profile <profile>", "a known model's id, a .json file of a profile, or none")
    .addOption(
      new Option("--format <format>", "read files of this format alone; of standard input").choices(formats),
    )
    .option("--source <name>", "the name that the index knows this source by (default: its path)")
    .option("--text-field <name>", 'JSONL and CSV: the member that holds the text (default: "text")')
    .option("--id-field <name>", 'JSONL and CSV: the member that tells records apart (default: "id")')
    .option(
      "--chunk-size <tokens>",
      "the most tokens in a chunk (default: 256, or the model's limit)",
      wholeNumber,
    )
    .option("--chunk-overlap <tokens>", "tokens shared with the chunk before (default: 32)", wholeNumber)
    .option("--language <name>", 'of a new index, for search --hybrid (default: "english")')
    .option("--same-model", "keep the name by which the server calls the model now: it is the same one")
    .option("--batch-size <texts>", "the most texts in a request (default: 100)", wholeNumber)
    .option(
      "--refused-file <file>",
      "where refused chunks are written (default: refused.jsonl in the folder)",
    )
    .option("--redis <address>", "hand the chunks to workers: redis://host:port")
    .option("--priority <number>", "with --redis: jobs of a lower number go first (default: 0)", wholeNumber)
    .option("--price <amount>", "what a million tokens cost, to show what the run costs", positiveNumber)
    .action(add);
}

async function add(paths: string[], flags: AddFlags): Promise<void> {
  const { json: _, price, profile, ...options } = flags;
  const isJson = wantsJson(flags);
  const isBar = !isJson && paths[0] !== "-";
  const view = showProgress({
    isBar,
    price,
    print: (line) => console.log(line),
  });
  const startedAt = performance.now();
  try {
    const summary = await addToIndex({
      ...(options satisfies AddOptions),
      ...(paths.length === 1 && paths[0] === "-" ? { input: process.stdin } : { paths }),
      ...(profile !== undefined && { profile: readProfile(profile) }),
      signal: stopSignal(),
      onProgress: (progress) => view.update(progress),
      // The progress bar is on this line: clear it, and draw it again on the next line.
      onWarning: (message) => console.error(`${isBar ? "\r\u001b[K" : ""}warning: ${message}`),
    });
    view.stop();
    const seconds = (performance.now() - startedAt) / 1_000;
    if (isJson)
      console.log(JSON.stringify({ event: "done", ...summary, seconds, ...costField(summary, price) }));
    else console.log(describe(summary, seconds, flags));
    if (summary.unreadable.length > 0) process.exitCode = exitCodes.source;
    else if (summary.refused > 0) process.exitCode = exitCodes.attention;
  } finally {
    view.stop();
  }
}

function costField({ tokens }: AddSummary, price: number | undefined) {
  return price === undefined ? {} : { cost: Number(costOf(tokens, price)) };
}

function describe(summary: AddSummary, seconds: number, { price, redis, to }: AddFlags): string {
  const { documents, unchanged, chunks, refused, tokens, removedDocuments, removedChunks } = summary;
  const { unreadableCount, skippedFiles, skippedEndings, repeatedIds } = summary;
  const cost = price === undefined ? "" : `, ${costOf(tokens, price)} at ${price} a million`;
  const done = redis ? "handed to workers" : `embedded, ${tokens} tokens${cost}`;
  return [
    `${documents} documents, ${unchanged} of them unchanged`,
    `${chunks} chunks ${done}, in ${durationOf(seconds)}`,
    `Search index: ${summary.searchIndex}`,
    ...(unreadableCount > 0 ? [`${unreadableCount} files or records could not be read`] : []),
    ...(repeatedIds > 0 ? [`${repeatedIds} records have the id of another, and are kept apart`] : []),
    ...(skippedFiles > 0
      ? [
          `skipped ${skippedFiles} ${skippedFiles === 1 ? "file" : "files"} of other kinds: ${skippedEndings.join(", ")}`,
        ]
      : []),
    ...(removedDocuments + removedChunks > 0
      ? [`${removedDocuments} documents and ${removedChunks} chunks removed, which are gone from the source`]
      : []),
    ...(refused > 0
      ? [`${refused} chunks refused: together-ingest retry-failed --to ${to} takes them up`]
      : []),
  ].join("\n");
}

export function retryCommand(): Command {
  return indexCommand(
    "retry-failed",
    "Ask again for the chunks that were refused, and for jobs that were given up.",
  )
    .option("--batch-size <texts>", "the most texts in a request (default: 100)", wholeNumber)
    .option("--refused-file <file>", "where chunks that are refused again are written")
    .option("--redis <address>", "also take up this queue's failed jobs: redis://host:port")
    .action(
      async ({
        json,
        ...options
      }: IndexFlags & { batchSize?: number; refusedFile?: string; redis?: string }) => {
        const summary = await retryRefused({ ...options, signal: stopSignal() });
        const { embedded, refused, jobs } = summary;
        if (wantsJson({ ...(json && { json }) })) console.log(JSON.stringify({ event: "done", ...summary }));
        else
          console.log(
            `${embedded} chunks embedded, ${refused} refused again${options.redis ? `, ${jobs} jobs back in the queue` : ""}`,
          );
        if (refused > 0) process.exitCode = exitCodes.attention;
      },
    );
}
