/** Vectors that are longer than pgvector's index takes: which index they get, and whether it finds what an exact search finds. */
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseOf } from "./folder.ts";
import { readSettings } from "./index-settings.ts";
import { IndexTables } from "./index-tables.ts";

const [rows, questions, top] = [600, 20, 10];

let engine: PGlite;
beforeAll(async () => {
  engine = await PGlite.create({ extensions: { vector } });
}, 120_000);
afterAll(() => engine.close());

/** Numbers from -1 to 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

test.each([
  [3_072, "halfvec_cosine_ops"],
  [4_096, "bit_hamming_ops"],
])(
  "%i dimensions: indexed with %s, recall@10 of at least 0.95",
  { timeout: 120_000 },
  async (dimensions, operators) => {
    const tables = new IndexTables(
      databaseOf(engine, async () => {}),
      `d${dimensions}`,
    );
    const sizes = { chunkSize: 256, chunkOverlap: 0 };
    const made = { model: "m", profileId: null, profile: {}, dimensions, language: "english", ...sizes };
    await tables.make(made);
    const next = numbers(dimensions);
    const centres = Array.from({ length: 30 }, () => Array.from({ length: dimensions }, next));
    const near = (at: number) => (centres[at % 30] ?? []).map((number) => number + 0.8 * next());
    for (let at = 0; at < rows; at++) {
      await engine.query(
        `INSERT INTO d${dimensions}.chunks (id, document, embeddings) VALUES (gen_random_uuid(), $1, $2)`,
        [`Text ${at}`, `[${near(at).map((number) => number.toFixed(4))}]`],
      );
    }
    const settings = await readSettings(tables);
    await tables.makeSearchIndexes(settings);
    const { rows: indexes } = await engine.query<{ indexdef: string }>(
      "SELECT indexdef FROM pg_indexes WHERE schemaname = $1 AND indexname = 'chunks_embeddings'",
      [`d${dimensions}`],
    );
    expect(indexes[0]?.indexdef).toContain(operators);
    let found = 0;
    await engine.query("SET enable_seqscan = off");
    for (let at = 0; at < questions; at++) {
      const question = near(at);
      const { rows: exact } = await engine.query<{ id: string }>(
        `SELECT id::text FROM d${dimensions}.chunks ORDER BY (embeddings <=> $1::vector) + 0 LIMIT ${top}`,
        [`[${question}]`],
      );
      const nearest = await tables.nearest(settings, { vector: question, count: top, listed: top });
      expect(nearest.map(({ similarity }) => similarity)).toEqual(
        nearest.map(({ similarity }) => similarity).toSorted((a, b) => b - a),
      );
      const ids = new Set(nearest.map(({ id }) => id));
      found += exact.filter(({ id }) => ids.has(id)).length;
    }
    const recall = found / (questions * top);
    console.log(`recall@${top} at ${dimensions} dimensions: ${recall}`);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  },
);
