/** `npm run playground`: documentation in; a page on which one sees what retrieval finds, until Ctrl-C */
import { readArguments } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";

const options = readArguments(process.argv);
// The frameworks take a while to load: what is wrong with the command line is said before that.
const { openPlayground } = await import("./open.ts");
try {
  const { url, close } = await openPlayground(options);
  // Once: the second signal ends the process as it stands.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
  console.log(`Playground     ${url} · Ctrl-C stops it`);
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(`error: ${error.message.replace(/\s+/g, " ")}`);
  process.exitCode = 1;
}
