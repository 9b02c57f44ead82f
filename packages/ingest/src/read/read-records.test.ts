/** Records of JSONL and CSV: none is lost, none is taken for another, and one that is bad spoils no other. */
import { expect, test } from "vitest";
import { KeyCounts } from "./key-counts.ts";
import { readCsv, readJsonl } from "./read-records.ts";
import type { ReadEvent } from "./source-document.ts";

const fields = { textField: "text", idField: "id" };

async function read(content: string | Buffer, format: "jsonl" | "csv" = "jsonl", partBytes = 7) {
  const bytes = Buffer.from(content);
  async function* parts() {
    for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
  }
  const events: ReadEvent[] = [];
  const reader = format === "jsonl" ? readJsonl : readCsv;
  for await (const event of reader(`a.${format}`, parts(), fields)) events.push(event);
  const documents = events.flatMap((event) => (event.kind === "document" ? [event.document] : []));
  return {
    names: documents.map(({ name }) => name),
    texts: documents.flatMap(({ blocks }) => [...(blocks() as { text: string }[])].map(({ text }) => text)),
    repeats: documents.flatMap(({ repeats }) => repeats ?? []),
    metadata: documents.map(({ metadata }) => metadata),
    refused: events.flatMap((event) => (event.kind === "unreadable" ? [event] : [])),
  };
}

test("records of equal ids are kept apart, each under a name of its own, and named by line", async () => {
  const { names, texts, repeats } = await read(
    '{"id":1,"text":"A"}\n{"id":"1~2","text":"B"}\n{"id":1,"text":"C"}\n{"id":"1","text":"D"}\n',
  );
  expect(names).toEqual(["a.jsonl#1", "a.jsonl#1~2", "a.jsonl#1~3", "a.jsonl#1~4"]);
  expect(texts).toEqual(["A", "B", "C", "D"]);
  expect(repeats).toEqual([
    'a.jsonl:3 has the id "1" of an earlier record: it is kept apart as a.jsonl#1~3',
    'a.jsonl:4 has the id "1" of an earlier record: it is kept apart as a.jsonl#1~4',
  ]);
});

test("a CSV whose id is not unique keeps every row", async () => {
  const { names, texts } = await read("id,text\nx,A\nx,B\ny,C\nx,D\n", "csv");
  expect(names).toEqual(["a.csv#x", "a.csv#x~2", "a.csv#y", "a.csv#x~3"]);
  expect(texts).toEqual(["A", "B", "C", "D"]);
});

test("a record without an id is not taken for the one whose id is its number", async () => {
  const { names } = await read('{"id":2,"text":"A"}\n{"text":"B"}\n{"id":"","text":"C"}\n');
  expect(names).toEqual(["a.jsonl#2", "a.jsonl#2~2", "a.jsonl#3"]);
});

test("ids of 64 bits are kept as they are written, in names and in metadata", async () => {
  const { names, metadata } = await read(
    '{"id":1212092628029698048,"text":"says \\"1212092628029698049\\""}\n' +
      '{"id":1212092628029698049,"text":"B","parents":[-9223372036854775807, 12, 1.5]}\n',
  );
  expect(names).toEqual(["a.jsonl#1212092628029698048", "a.jsonl#1212092628029698049"]);
  expect(metadata[1]).toMatchObject({
    id: "1212092628029698049",
    parents: ["-9223372036854775807", 12, 1.5],
  });
});

test.each([
  ["has no text", '{"id":"c"}', "a.jsonl#c"],
  ["is no JSON", '{"id":"c",', "a.jsonl"],
  ["is no object", "[1]", "a.jsonl"],
  ["has bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "a.jsonl"],
])("a line that %s is named, and those after it are read", async (_, line, keeps) => {
  const start = '{"id":"a","text":"A"}\n{"id":"b","text":"B"}\n';
  const end = '\n{"id":"d","text":"D"}\n{"id":"e","text":"E"}';
  const content = Buffer.concat([start, line, end].map((part) => Buffer.from(part as string)));
  const { texts, refused } = await read(content);
  expect(texts).toEqual(["A", "B", "D", "E"]);
  expect(refused).toMatchObject([
    { name: "a.jsonl:3", keeps, reason: expect.stringMatching(/^a\.jsonl:3 /) },
  ]);
});

test.each([
  ["has too few columns", "c", "columns"],
  ["has too many columns", "c,C,C", "columns"],
  ["has bytes that are no UTF-8", Buffer.from([0x63, 0x2c, 0xe9, 0x74]), "UTF-8"],
])("a row that %s is named, and those after it are read", async (_, row, why) => {
  const content = Buffer.concat(
    ["id,text\na,A\n", row, "\nd,D\n"].map((part) => Buffer.from(part as string)),
  );
  const { texts, refused } = await read(content, "csv");
  expect(texts).toEqual(["A", "D"]);
  expect(refused).toMatchObject([{ reason: expect.stringContaining(why) }]);
});

test("a quote in the middle of a field is read; one that is never closed is told, and what stands before it is read", async () => {
  const { texts, refused } = await read('id,text\na,5" pipe\nb,B\nc,"C\nd,D\n', "csv");
  expect(texts).toEqual(['5" pipe', "B"]);
  expect(refused).toMatchObject([{ reason: expect.stringContaining("Quote Not Closed"), keeps: "a.csv" }]);
});

test.each(["jsonl", "csv"] as const)("a byte order mark before %s is no part of it", async (format) => {
  const content = format === "csv" ? "\uFEFFid,text\n1,A\n" : '\uFEFF{"id":1,"text":"A"}\n';
  expect(await read(content, format)).toMatchObject({ names: [`a.${format}#1`], refused: [] });
});

test("a name that Postgres could not hold becomes one that it can", async () => {
  const long = "x".repeat(5_000);
  const { names } = await read(
    `{"id":"a\\u0000b","text":"A"}\n{"id":"${long}1","text":"B"}\n{"id":"${long}2","text":"C"}\n`,
  );
  expect(names[0]).toBe("a.jsonl#ab");
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThan(1_000);
});

test("a hundred thousand keys have names of their own, also where every second key comes again", () => {
  const counts = new KeyCounts();
  const names = Array.from({ length: 100_000 }, (_, at) => counts.nameFor(String(at % 50_000)));
  expect(new Set(names).size).toBe(100_000);
  expect(names[50_007]).toBe("7~2");
});
