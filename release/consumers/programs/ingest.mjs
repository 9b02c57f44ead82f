/** Ingest in use: a file into an index in a folder, searched, verified; one error. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TogetherClient } from "@together-retrieval/core";
import { addToIndex, IngestError, searchIndex, verifyIndex } from "@together-retrieval/ingest";
import { apiKey, model, notes, question } from "./notes.mjs";
import { rejection, same } from "./same.mjs";

export async function check(baseURL) {
  const client = new TogetherClient({ apiKey, baseURL });
  const scratch = await mkdtemp(join(tmpdir(), "consumer-"));
  try {
    const paths = join(scratch, "notes.jsonl");
    await writeFile(paths, notes.map((text) => JSON.stringify({ text })).join("\n"));
    const to = join(scratch, "index");
    const { chunks } = await addToIndex({ paths, to, model, client });
    same("chunks", chunks, notes.length);
    const [best] = await searchIndex(question, { to, client, rerankModel: model, top: 1 });
    same("the best chunk", best.text, notes[0]);
    same("faults", (await verifyIndex({ to })).faults, []);
    const refused = await rejection("another model", addToIndex({ paths, to, model: "other", client }));
    same("the error of another model", [refused instanceof IngestError, refused.kind], [true, "index"]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
