/** refused chunks -> lines of a file that a person can read: what was refused, where it stands, and why */
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
