/** `npm run playground`: documentation in; a page on which one sees what retrieval finds, until Ctrl-C */
import { BadInput } from "../../examples/demo/bad-input.ts";
import { gatherFolder } from "../../examples/demo/gather-folder.ts";
import { gatherInstalled } from "../../examples/demo/gather-installed.ts";
import type { TextFile } from "../../examples/demo/text-file.ts";
import { type PlaygroundOptions, readArguments } from "./arguments.ts";

try {
  const options = readArguments(process.argv);
  const files = await gather(options);
  // The frameworks take a while to load: what is wrong with the command line is said before that.
  const { openPlayground } = await import("./open.ts");
  const { url, close } = await openPlayground(files, options);
  // Once: the second signal ends the process as it stands.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
  console.log(`Playground     ${url} · Ctrl-C stops it`);
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(`error: ${error.message.replace(/\s+/g, " ")}`);
  process.exitCode = 1;
}

async function gather({ docs, index }: PlaygroundOptions): Promise<TextFile[]> {
  if (index !== undefined) return [];
  return docs === undefined ? gatherInstalled() : gatherFolder(docs);
}
