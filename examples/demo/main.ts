/** `npm run demo`: documentation in; ranked passages and answers out, through LangChain and LlamaIndex over one table */
import { TogetherError } from "@together-retrieval/core";
import Together from "together-ai";
import { answerFrom } from "./answer.ts";
import { type DemoOptions, readArguments } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";
import { openDatabase } from "./database.ts";
import { agree } from "./finding.ts";
import { gatherFolder } from "./gather-folder.ts";
import { gatherInstalled } from "./gather-installed.ts";
import { printAnswer, printFindings, printPassages, printService, printTotals } from "./print.ts";
import { headingsOf, questionsOnInstalled } from "./questions.ts";
import { openService, type Service } from "./service.ts";
import { firstFiles, type Passage, splitFiles } from "./split.ts";
import { storePassages } from "./store.ts";
import { searchWithLangChain } from "./with-langchain.ts";
import { searchWithLlamaIndex } from "./with-llamaindex.ts";

/** Embedded in about 15 s on two cores. */
const installedPassages = 1000;

async function demo({ docs, questions, live }: DemoOptions): Promise<void> {
  const files = docs === undefined ? await gatherInstalled() : await gatherFolder(docs);
  const asked = questions ?? (docs === undefined ? questionsOnInstalled : headingsOf(files));
  const all = await splitFiles(files);
  const passages = docs === undefined ? firstFiles(all, installedPassages) : all;
  const service = await openService(live);
  try {
    printService(service);
    printPassages(passages, all);
    await askAll(asked, passages, service);
  } finally {
    await service.close();
  }
}

async function askAll(questions: string[], passages: Passage[], service: Service): Promise<void> {
  const database = await openDatabase();
  try {
    const store = await storePassages(passages, service, database);
    let chat = { requests: 0, tokens: 0 };
    for (const [index, question] of questions.entries()) {
      console.log(`\nQuestion ${index + 1} of ${questions.length}: ${question}`);
      const langChain = await searchWithLangChain(question, store, service);
      const llamaIndex = await searchWithLlamaIndex(question, database, service);
      printFindings(langChain, llamaIndex);
      if (!agree(langChain, llamaIndex)) process.exitCode = 1;
      const answer = await answerFrom(question, langChain.best, service);
      printAnswer(answer);
      if (answer) chat = { requests: chat.requests + 1, tokens: chat.tokens + answer.tokens };
    }
    // Each framework embeds each question itself.
    printTotals(passages.length + 2 * questions.length, service.client.usage, chat);
  } finally {
    await database.close();
  }
}

try {
  await demo(readArguments(process.argv));
} catch (error) {
  const isExpected =
    error instanceof BadInput || TogetherError.is(error) || error instanceof Together.APIError;
  if (!isExpected) throw error;
  console.error(`error: ${error.message.replace(/\s+/g, " ")}`);
  process.exitCode = 1;
}
