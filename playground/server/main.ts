/** `npm run playground`: documentation -> a page that shows what retrieval finds, until Ctrl-C */
import { readArguments } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";

const options = readArguments(process.argv);
// The frameworks take a while to load, so mistakes in the command line are reported before that.
const { openPlayground } = await import("./open.ts");
try {
  const { url, close } = await openPlayground(options);
  // Only for the first signal. The second one ends the process at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
  console.log(`Playground     ${url} · Ctrl-C stops it`);
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(`error: ${error.message.replace(/\s+/g, " ")}`);
  process.exitCode = 1;
}
