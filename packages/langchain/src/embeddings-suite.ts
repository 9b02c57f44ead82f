/** What LangChain expects of any embeddings class: its standard tests for Python, rewritten for JavaScript. */
import { Embeddings } from "@langchain/core/embeddings";
import { describe, expect, test, vi } from "vitest";

export interface EmbeddingsUnderTest {
  /** A working instance whose key is given as an option. */
  create(): Promise<Embeddings>;
  /** A working instance that takes its key from these environment variables. */
  environment: Record<string, string>;
  createFromEnvironment(): Promise<Embeddings>;
  /** Calls `embedDocuments` with a signal, in the way that this class takes one. */
  embedWithSignal?(embeddings: Embeddings, texts: string[], signal: AbortSignal): Promise<number[][]>;
}

export function embeddingsStandardTests(name: string, subject: EmbeddingsUnderTest): void {
  describe(`${name} keeps LangChain's standard for embeddings`, () => {
    test("it is made from options, and is an Embeddings", async () => {
      expect(await subject.create()).toBeInstanceOf(Embeddings);
    });

    test("it is made with its key from the environment", async () => {
      for (const [variable, value] of Object.entries(subject.environment)) vi.stubEnv(variable, value);
      try {
        expectVector(await (await subject.createFromEnvironment()).embedQuery("foo"));
      } finally {
        vi.unstubAllEnvs();
      }
    });

    test("a query becomes a non-empty list of numbers, of one length for all queries", async () => {
      const embeddings = await subject.create();
      const [foo, bar] = [await embeddings.embedQuery("foo"), await embeddings.embedQuery("bar")];
      expectVector(foo);
      expectVector(bar);
      expect(bar).toHaveLength(foo.length);
    });

    test("documents become one non-empty list of numbers each, all of one length", async () => {
      const embeddings = await subject.create();
      const vectors = await embeddings.embedDocuments(["foo", "bar", "baz"]);
      expect(vectors).toHaveLength(3);
      for (const vector of vectors) expectVector(vector);
      expect(new Set(vectors.map(({ length }) => length)).size).toBe(1);
    });

    test("no documents become no vectors", async () => {
      expect(await (await subject.create()).embedDocuments([])).toEqual([]);
    });

    test.skipIf(!subject.embedWithSignal)("an aborted signal rejects with its reason", async () => {
      const reason = new Error("the user left");
      const embedding = subject.embedWithSignal?.(await subject.create(), ["foo"], AbortSignal.abort(reason));
      await expect(embedding).rejects.toBe(reason);
    });
  });
}

function expectVector(vector: unknown): void {
  expect(Array.isArray(vector) && vector.length > 0 && vector.every(Number.isFinite)).toBe(true);
}
