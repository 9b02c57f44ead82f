/** Files of every format -> documents and chunks, without a database. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tokenCounter } from "../index/profile.ts";
import { chunkId } from "./chunk.ts";
import { readText } from "./read-text.ts";
import { type SourceOptions, sourcesOf } from "./source.ts";
import { ChunkSplitter } from "./split.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingest-read-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fields = { textField: "text", idField: "id" };

/** The chunks of the files, and what could not be read. */
async function read(
  files: Record<string, string | Buffer>,
  options: Partial<SourceOptions> = {},
  chunkSize = 50,
) {
  const paths = await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    }),
  );
  const counter = tokenCounter("m", undefined);
  const splitter = new ChunkSplitter({ chunkSize, chunkOverlap: 0, counter, fingerprint: "m" });
  const chunks = [];
  const refused: string[] = [];
  for (const source of await sourcesOf({ ...fields, paths, ...options })) {
    for await (const event of source.read()) {
      if (event.kind === "unreadable") {
        refused.push(event.reason);
        continue;
      }
      try {
        for await (const { text, metadata, tokens } of splitter.split(event.document))
          chunks.push({ text, metadata, tokens });
      } catch (error) {
        refused.push((error as Error).message);
      }
    }
  }
  return { chunks, refused };
}

/** A PDF of one page for each text, as small as can be. */
function makePdf(pages: string[]): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${4 + 2 * at} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...pages.flatMap((text, at) => {
      const content = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
      const resources = "/Resources << /Font << /F1 3 0 R >> >>";
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] ${resources} /Contents ${5 + 2 * at} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  return Buffer.from(
    `${file}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
  );
}

describe("documents", () => {
  test("Markdown and text say at which lines a chunk stands; rules between sections are left out", async () => {
    const paragraph = "Bees make honey from nectar, and keep it for the winter. ".repeat(3).trim();
    const text = `# One\n\n${paragraph}\n\n---\n\n## Two\n\n${paragraph}`;
    const { chunks } = await read({ "a.md": text, "rule.md": "---\n" });
    expect(chunks.map(({ metadata }) => metadata)).toEqual([
      { source: "a.md", loc: { lines: { from: 1, to: 5 } } },
      { source: "a.md", loc: { lines: { from: 7, to: 9 } } },
    ]);
    for (const { text, tokens } of chunks) expect(tokens).toBe(Math.ceil(Buffer.byteLength(text) / 4));
  });

  test("HTML gives its text, in paragraphs, without scripts, navigation and addresses", async () => {
    const html = `<html><head><style>p{}</style><script>alert(1)</script></head><body><nav>Home</nav>
      <h1>Bees</h1><p>They make <a href="http://x.example">honey</a>.</p><footer>2026</footer></body></html>`;
    const { chunks } = await read({ "a.html": html });
    expect(chunks.map(({ text }) => text)).toEqual(["Bees\n\nThey make honey."]);
  });

  test("PDF gives a page's text with its number; what is no PDF is said to be none", {
    timeout: 120_000,
  }, async () => {
    const pdf = makePdf(["Bees make honey", "Wasps make paper"]);
    const { chunks, refused } = await read({ "a.pdf": pdf, "b.pdf": Buffer.from("no pdf") });
    expect(chunks.map(({ text, metadata }) => [text, metadata])).toEqual([
      ["Bees make honey", { source: "a.pdf", loc: { pageNumber: 1 } }],
      ["Wasps make paper", { source: "a.pdf", loc: { pageNumber: 2 } }],
    ]);
    expect(refused).toEqual([expect.stringMatching(/^Cannot read b\.pdf as PDF: /)]);
  });

  test("JSONL and CSV give a document for each record, named by its id or number, the other fields as metadata", async () => {
    const { chunks, refused } = await read({
      "a.jsonl": '{"id":"x","text":"One","topic":1}\n\n{"text":"Two\\u0000 \\ud800"}\n{"body":"Three"}\n',
      "b.csv": 'id,text,topic\n7,"Four, five",t\n',
    });
    expect(chunks.map(({ text, metadata }) => [text, metadata])).toEqual([
      ["One", { source: "a.jsonl#x", id: "x", topic: 1 }],
      ["Two \ufffd", { source: "a.jsonl#3" }],
      ["Four, five", { source: "b.csv#7", id: "7", topic: "t" }],
    ]);
    expect(refused).toEqual([
      'a.jsonl:4 has no text in "text": name its field with --text-field (it has body)',
    ]);
  });

  test("other fields can be named", async () => {
    const file = { "c.jsonl": '{"key":"k","body":"Text"}' };
    const { chunks } = await read(file, { textField: "body", idField: "key" });
    expect(chunks[0]).toMatchObject({ text: "Text", metadata: { source: "c.jsonl#k" } });
  });

  test("a stream is read as what it is said to be", async () => {
    const input = Readable.from([Buffer.from('{"text":"A"}\n{"te'), Buffer.from('xt":"B"}\n')]);
    const { chunks } = await read({}, { paths: [], input, format: "jsonl" });
    expect(chunks.map(({ text }) => text)).toEqual(["A", "B"]);
  });

  test("a folder with nothing to read is an error that says what could be read", async () => {
    await writeFile(join(folder, "picture.png"), "");
    await expect(sourcesOf({ ...fields, paths: [join(folder, "picture.png")] })).resolves.toHaveLength(1);
    await expect(sourcesOf({ ...fields, paths: [join(folder, "none")] })).rejects.toThrow(
      "there is no such file",
    );
  });
});

describe("text of any size", () => {
  test("comes in blocks that hold all of it, begin at their line, and break no character", async () => {
    const text = Array.from({ length: 40_000 }, (_, at) => `Line ${at} 🐝 of a long file`).join("\n");
    const bytes = Buffer.from(text);
    async function* parts() {
      for (let at = 0; at < bytes.length; at += 65_537) yield bytes.subarray(at, at + 65_537);
    }
    const blocks = [];
    for await (const block of readText(parts(), "a.txt")) blocks.push(block);
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.map((block) => block.text).join("")).toBe(text);
    for (const { text: start, line = 0 } of blocks) expect(start).toMatch(new RegExp(`^Line ${line - 1} `));
  });

  test.each([
    ["bytes that are not UTF-8", [0xff, 0xfe]],
    ["a NUL", [0x61, 0x00]],
  ])("with %s is no text", async (_, bytes) => {
    const blocks = readText(Readable.from([Buffer.from(bytes)]), "a.txt");
    await expect(blocks.next()).rejects.toThrow("a.txt is no text: expected UTF-8");
  });
});

test("a chunk's id is a UUID that depends on its text and on what decides its vector, and on nothing else", () => {
  const id = chunkId("text", "m");
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(chunkId("text", "m")).toBe(id);
  expect(new Set([id, chunkId("text", "n"), chunkId("texu", "m"), chunkId("", "mtext")]).size).toBe(4);
});

test("tokens are the model's own where its vocabulary is known, else estimated from bytes", () => {
  expect(tokenCounter("BAAI/bge-large-en-v1.5", undefined)).toMatchObject({ isExact: true });
  expect(tokenCounter("BAAI/bge-large-en-v1.5", undefined).count("unaffable bees")).toBe(4);
  expect(tokenCounter("my-endpoint", "BAAI/bge-base-en-v1.5").isExact).toBe(true);
  expect(tokenCounter("my-endpoint", undefined).count("12345")).toBe(2);
});
