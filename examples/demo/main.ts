/** `npm run demo`: documentation in; ranked passages and answers out, through LangChain and LlamaIndex over one table */
import { type DemoOptions, readArguments } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";
import { gatherFolder } from "./gather-folder.ts";
import { gatherInstalled } from "./gather-installed.ts";
import { headingsOf, questionsOnInstalled } from "./questions.ts";

/** Embedded in about 10 s on two idle cores; of the user's own files nothing is left out. */
const installedPassages = 750;
const all = Number.POSITIVE_INFINITY;

async function demo({ docs, ask, details, live }: DemoOptions): Promise<void> {
  const files = docs === undefined ? await gatherInstalled() : await gatherFolder(docs);
  const questions = ask ?? (docs === undefined ? questionsOnInstalled : headingsOf(files));
  // The frameworks take a while to load: what is wrong with the command line is said before that.
  const { answerAll } = await import("./answer-all.ts");
  await answerAll(files, questions, { live, details, atMost: docs === undefined ? installedPassages : all });
}

try {
  await demo(readArguments(process.argv));
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(`error: ${error.message.replace(/\s+/g, " ")}`);
  process.exitCode = 1;
}
