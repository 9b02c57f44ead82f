/** files and questions -> passages, vectors, one table; for each question what both frameworks find, and an answer */
import { answerFrom } from "./answer.ts";
import type { LiveOptions } from "./arguments.ts";
import { openDatabase } from "./database.ts";
import { embedPassages } from "./embed-passages.ts";
import { agree } from "./finding.ts";
import { printAnswer, printMoves, printPassages, printService, printTables, printTotals } from "./print.ts";
import { explain, openService, type Service } from "./service.ts";
import { firstFiles, type Passage, splitFiles } from "./split.ts";
import { storePassages } from "./store.ts";
import type { TextFile } from "./text-file.ts";
import { searchWithLangChain } from "./with-langchain.ts";
import { searchWithLlamaIndex } from "./with-llamaindex.ts";

/** Of `files` at most so many passages are taken. @throws BadInput for files without text, and for what the API refuses */
export async function answerAll(
  files: TextFile[],
  questions: string[],
  { live, atMost, details }: { live: LiveOptions | undefined; atMost: number; details: boolean },
): Promise<void> {
  const all = await splitFiles(files);
  const passages = firstFiles(all, atMost);
  const service = await openService(live);
  try {
    printService(service);
    printPassages(passages, all);
    const vectors = await embedPassages(passages, service);
    await answerFromTable(passages, vectors, { questions, details }, service);
  } catch (error) {
    throw explain(error);
  } finally {
    await service.close();
  }
}

async function answerFromTable(
  passages: Passage[],
  vectors: number[][],
  { questions, details }: { questions: string[]; details: boolean },
  service: Service,
): Promise<void> {
  const database = await openDatabase();
  try {
    const store = await storePassages(passages, vectors, service, database);
    let chat = { requests: 0, tokens: 0 };
    for (const [index, question] of questions.entries()) {
      console.log(`\nQuestion ${index + 1} of ${questions.length}: ${question}`);
      const langChain = await searchWithLangChain(question, store, service);
      const llamaIndex = await searchWithLlamaIndex(question, database, service);
      if (!agree(langChain, llamaIndex)) process.exitCode = 1;
      const answer = await answerFrom(question, langChain.best, service);
      printAnswer(answer);
      printMoves(langChain, llamaIndex);
      if (details) printTables(langChain, llamaIndex);
      if (answer) chat = { requests: chat.requests + 1, tokens: chat.tokens + answer.tokens };
    }
    // Each framework embeds each question itself.
    printTotals(passages.length + 2 * questions.length, service.client.usage, chat);
  } finally {
    await database.close();
  }
}
