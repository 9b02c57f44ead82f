/** Refused chunks -> lines of a file: the text, its source, and the reason. */
import { appendFile } from "node:fs/promises";
import type { RefusedChunk } from "./index-tables.ts";

export async function appendRefused(file: string, refused: readonly RefusedChunk[]): Promise<void> {
  if (refused.length === 0) return;
  const lines = refused.map(({ chunk, error }) =>
    JSON.stringify({
      id: chunk.id,
      ...chunk.metadata,
      status: error.status,
      error: error.message,
      text: chunk.text,
    }),
  );
  await appendFile(file, `${lines.join("\n")}\n`);
}
