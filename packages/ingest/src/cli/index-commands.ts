/** `search`, `status`, `verify`, `worker`: flags -> what is in an index, or in its queue */
import { TogetherClient } from "@together-retrieval/core";
import type { Command } from "commander";
import { type SearchOptions, type SearchResult, searchDefaults, searchIndex } from "../index/search.ts";
import { indexStatus } from "../index/status.ts";
import { verifyIndex } from "../index/verify.ts";
import { exitCodes } from "../ingest-error.ts";
import { runWorker } from "../queue/run-worker.ts";
import { workerDefaults } from "../queue/worker-options.ts";
import {
  type IndexFlags,
  indexCommand,
  jsonObject,
  positiveNumber,
  stopSignal,
  wantsJson,
  wholeNumber,
} from "./arguments.ts";
import { describeStatus, watchStatus } from "./watch.ts";

export function searchCommand(): Command {
  return indexCommand("search", "The chunks that answer a question best.")
    .argument("<question>")
    .option("--top <count>", "the most results", wholeNumber, searchDefaults.top)
    .option("--hybrid", "also by words: both lists are fused")
    .option("--path <start>", "only files whose name begins so")
    .option(
      "--filter <json>",
      'only chunks whose metadata has these members, such as {"topic":"bees"}',
      jsonObject,
    )
    .option("--rerank-model <id>", "rank what the vectors find by relevance")
    .option(
      "--candidates <count>",
      `with --rerank-model: how many are ranked (default: ${searchDefaults.candidates})`,
      wholeNumber,
    )
    .action(
      async (
        question: string,
        flags: IndexFlags &
          Pick<SearchOptions, "rerankModel" | "candidates" | "hybrid" | "path" | "filter"> & { top: number },
      ) => {
        const { json: _, ...options } = flags;
        const results = await searchIndex(question, options);
        for (const result of results) {
          console.log(wantsJson(flags) ? JSON.stringify(result) : describeResult(result));
        }
        if (results.length === 0 && !wantsJson(flags)) console.log("The index is empty.");
      },
    );
}

function describeResult(result: SearchResult): string {
  const { text, metadata, similarity, relevanceScore, vectorRank, textRank } = result;
  const loc = metadata.loc as { lines?: { from: number; to: number }; pageNumber?: number } | undefined;
  const where = loc?.lines
    ? `:${loc.lines.from}-${loc.lines.to}`
    : loc?.pageNumber
      ? `, page ${loc.pageNumber}`
      : "";
  const line = text.replace(/\s+/g, " ").trim();
  const score = (relevanceScore ?? similarity).toFixed(3);
  const place = (rank: number | null | undefined) => rank ?? "-";
  const ranks =
    vectorRank === undefined ? "" : `  (by vector ${place(vectorRank)}, by words ${place(textRank)})`;
  return `${score}  ${metadata.source}${where}${ranks}\n       ${line.length > 200 ? `${line.slice(0, 199)}…` : line}`;
}

export function statusCommand(): Command {
  return indexCommand("status", "What is in an index, and what still waits.")
    .option("--redis <address>", "also the jobs and workers of this queue: redis://host:port")
    .option("--watch", "again and again, until nothing waits")
    .option("--price <amount>", "what a million tokens cost", positiveNumber)
    .action(
      async ({
        json,
        watch,
        price,
        ...options
      }: IndexFlags & { redis?: string; watch?: boolean; price?: number }) => {
        const isJson = wantsJson({ ...(json && { json }) });
        if (watch) return watchStatus(options, { isJson, price, signal: stopSignal() });
        const status = await indexStatus(options);
        console.log(isJson ? JSON.stringify(status) : describeStatus(status, price));
      },
    );
}

export function verifyCommand(): Command {
  return indexCommand(
    "verify",
    "Whether each chunk has exactly one vector of the right model and dimensions.",
  )
    .option("--ask-model", "also embed one chunk again: does the server still answer with the index's model?")
    .action(async ({ json, askModel, ...options }: IndexFlags & { askModel?: boolean }) => {
      const client = askModel ? new TogetherClient() : undefined;
      const verification = await verifyIndex({ ...options, client, signal: stopSignal() });
      const { chunks, pending, refused, faults } = verification;
      if (wantsJson({ ...(json && { json }) })) console.log(JSON.stringify(verification));
      else {
        console.log(`${chunks} chunks looked at, ${pending} wait for workers, ${refused} are refused`);
        console.log(faults.length === 0 ? "No faults" : faults.join("\n"));
      }
      if (faults.length > 0) process.exitCode = exitCodes.attention;
    });
}

interface WorkerFlags extends IndexFlags {
  redis: string;
  concurrency: number;
  rate?: number;
  lockSeconds: number;
  untilEmpty?: boolean;
}

export function workerCommand(): Command {
  return indexCommand("worker", "Embed what add --redis handed to the queue: start as many as you like.")
    .requiredOption("--redis <address>", "the queue: redis://host:port")
    .option("--concurrency <count>", "the most requests at once", wholeNumber, workerDefaults.concurrency)
    .option("--rate <count>", "requests a second over all workers: the account's limit", positiveNumber)
    .option(
      "--lock-seconds <seconds>",
      "after so long without a sign of life a job goes to another worker",
      positiveNumber,
      workerDefaults.lockSeconds,
    )
    .option("--until-empty", "end when nothing is left to do")
    .action(async ({ json, ...options }: WorkerFlags) => {
      const isJson = wantsJson({ ...(json && { json }) });
      const tell = (event: string, fields: object) => {
        const { chunks, tokens } = fields as { chunks?: number; tokens?: number };
        console.log(
          isJson
            ? JSON.stringify({ event, ...fields })
            : `${event}: ${chunks ?? 0} chunks, ${tokens ?? 0} tokens`,
        );
      };
      let toldAt = performance.now();
      const signal = stopSignal();
      tell("started", {});
      const progress = await runWorker({
        ...options,
        signal,
        onProgress: (now) => {
          if (performance.now() - toldAt < 1_000) return;
          toldAt = performance.now();
          tell("progress", now);
        },
        onWarning: (message) => console.error(`warning: ${message}`),
      });
      tell("done", progress);
    });
}
