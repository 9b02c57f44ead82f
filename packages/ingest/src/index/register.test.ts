/** A pass over a source, with tables in memory: what is handed out, what counts as read, and what a crash leaves. */
import { expect, test } from "vitest";
import { IngestError } from "../ingest-error.ts";
import type { ReadEvent } from "../read/source-document.ts";
import { ChunkSplitter } from "../read/split.ts";
import {
  type ClosedDocument,
  type KnownDocument,
  type Place,
  Register,
  type RegisterTables,
} from "./register.ts";

/** What the Postgres tables do, with maps. */
class MemoryTables implements RegisterTables {
  readonly documents = new Map<string, { id: string; hash: string | null }>();
  readonly places = new Map<string, Map<number, string>>();
  readonly stored = new Set<string>();

  async meet(_source: string, _run: number, names: string[]): Promise<Map<string, KnownDocument>> {
    return new Map(
      names.map((name) => {
        const known = this.documents.get(name) ?? { id: name, hash: null };
        this.documents.set(name, known);
        const chunks = [...(this.places.get(name)?.values() ?? [])];
        return [name, { ...known, isWhole: chunks.every((id) => this.stored.has(id)) }];
      }),
    );
  }

  async place(places: Place[]): Promise<Set<string>> {
    for (const { documentId, position, chunk } of places) {
      const own = this.places.get(documentId) ?? new Map<number, string>();
      this.places.set(documentId, own.set(position, chunk.id));
      this.documents.set(documentId, { id: documentId, hash: null });
    }
    return new Set(places.map(({ chunk }) => chunk.id).filter((id) => !this.stored.has(id)));
  }

  async close(documents: ClosedDocument[]): Promise<void> {
    for (const { id, hash, places } of documents) {
      this.documents.set(id, { id, hash });
      for (const position of this.places.get(id)?.keys() ?? [])
        if (position >= places) this.places.get(id)?.delete(position);
    }
  }
}

const counter = { count: (text: string) => text.length, isExact: true };
const splitter = new ChunkSplitter({ chunkSize: 10, chunkOverlap: 0, counter, fingerprint: "m" });

function document(name: string, ...texts: string[]): ReadEvent {
  const blocks = () => texts.map((text) => ({ text }));
  const hash = texts.join("|");
  return { kind: "document", document: { name, hash, metadata: {}, format: "text", bytes: 1, blocks } };
}

async function* from(events: ReadEvent[]) {
  yield* events;
}

/** A pass in which the first so many chunks are stored. */
async function pass(tables: MemoryTables, events: ReadEvent[], stores = Number.POSITIVE_INFINITY) {
  const register = new Register({ tables, splitter, source: "s", run: 1 });
  const told: string[] = [];
  let handedOut = 0;
  for await (const event of register.pass(from(events))) {
    if (event.kind === "unreadable") told.push(`unreadable ${event.name}`);
    else if (event.kind === "document")
      told.push(`${event.isChanged ? "read" : "same"} ${event.document.name}`);
    else {
      told.push(event.chunk.text);
      if (handedOut++ >= stores) continue;
      tables.stored.add(event.chunk.id);
      await register.stored(1);
    }
  }
  return told;
}

test("a chunk that stands in several documents is handed out once, and none again that is stored", async () => {
  const tables = new MemoryTables();
  const events = [document("a", "one", "two"), document("b", "two", "three")];
  expect(await pass(tables, events)).toEqual(["read a", "read b", "one", "two", "three"]);
  expect(await pass(tables, events)).toEqual(["same a", "same b"]);
});

test("documents count as read when the last chunk of their statement is stored: after a crash they are read again, and what is stored stays", async () => {
  const tables = new MemoryTables();
  const events = [document("a", "one"), document("b", "two", "three")];
  await pass(tables, events, 2);
  expect([...tables.documents.values()].map(({ hash }) => hash)).toEqual([null, null]);
  expect(await pass(tables, events)).toEqual(["read a", "read b", "three"]);
  expect(tables.documents.get("b")?.hash).toBe("two|three");
});

test("a document that became shorter loses the places beyond its end", async () => {
  const tables = new MemoryTables();
  await pass(tables, [document("a", "one", "two", "three")]);
  expect(await pass(tables, [document("a", "one")])).toEqual(["read a"]);
  expect(tables.places.get("a")?.size).toBe(1);
});

test("a document whose reading fails stays unfinished, and the next ones are read", async () => {
  const tables = new MemoryTables();
  const bad = document("bad");
  if (bad.kind === "document")
    bad.document.blocks = () => {
      throw new IngestError("source", "bad is no text");
    };
  expect(await pass(tables, [bad, document("b", "two")])).toEqual([
    "unreadable bad",
    "read bad",
    "read b",
    "two",
  ]);
  expect(tables.documents.get("bad")?.hash).toBeNull();
});

test("what breaks that is no fault of a document ends the pass", async () => {
  const broken = document("a");
  if (broken.kind === "document")
    broken.document.blocks = () => {
      throw new Error("the pipe broke");
    };
  await expect(pass(new MemoryTables(), [broken])).rejects.toThrow("the pipe broke");
});

test("of two documents of one name the second is told, not taken for the first", async () => {
  const events = [document("a", "one"), document("a", "two")];
  expect(await pass(new MemoryTables(), events)).toEqual(["read a", "unreadable a", "one"]);
});

test("many documents and long ones are handed out in order, whatever the size of a statement", async () => {
  const long = Array.from({ length: 1_300 }, (_, at) => `long ${at}`);
  const many = Array.from({ length: 600 }, (_, at) => document(`d${at}`, `text ${at}`));
  const told = await pass(new MemoryTables(), [document("long", ...long), ...many]);
  const texts = told.filter((line) => /^(long|text) \d/.test(line));
  expect(texts).toEqual([...long, ...many.map((_, at) => `text ${at}`)]);
});

test("a chunk that is on its way is not handed out again by a later statement", async () => {
  const events = Array.from({ length: 600 }, (_, at) => document(`d${at}`, `text ${at % 300}`));
  const told = await pass(new MemoryTables(), events, 0);
  expect(told.filter((line) => line.startsWith("text "))).toHaveLength(300);
});

test("a document whose chunk was lost is read again, though it has not changed", async () => {
  const tables = new MemoryTables();
  await pass(tables, [document("a", "one", "two")]);
  tables.stored.delete([...tables.stored][1] ?? "");
  expect(await pass(tables, [document("a", "one", "two")])).toEqual(["read a", "two"]);
});
