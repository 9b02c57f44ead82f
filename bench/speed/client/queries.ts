/** A client and a task -> a job, and queries one after the other while it runs: how long each of them waited. */
import { subscribe } from "node:diagnostics_channel";
import { makeText, makeTexts } from "../texts.ts";
import { checkVectors, vectorChecker } from "./check.ts";
import type { Client } from "./client.ts";
import type { Queries, Task } from "./task.ts";

const QUERIES = 50;
/** Queries are other texts than those of the job. */
const FIRST_QUERY = 20_000_000;

export async function runQueries({ embed }: Client, { kind, count, dimensions }: Task) {
  const texts = makeTexts(kind, count);
  const check = vectorChecker(dimensions);
  const jobHasBegun = new Promise<void>((resolve) => subscribe("undici:request:create", () => resolve()));
  let isOver = false;
  const job = embed(texts).finally(() => {
    isOver = true;
  });
  await jobHasBegun;
  const waits: number[] = [];
  while (waits.length < QUERIES && !isOver) {
    const query = makeText(kind, FIRST_QUERY + waits.length);
    const askedAt = performance.now();
    const [vector] = await embed([query]);
    waits.push(performance.now() - askedAt);
    check(query, vector ?? []);
  }
  const vectors = await job;
  const sorted = waits.toSorted((a, b) => a - b);
  const queries: Queries = {
    queries: waits.length,
    queryMedianMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    queryMostMs: sorted.at(-1) ?? Number.NaN,
  };
  return { returned: vectors.length, queries, check: () => checkVectors(texts, vectors, dimensions) };
}
