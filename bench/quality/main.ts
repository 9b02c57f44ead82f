/** `npm run eval`: a collection -> tables and charts in docs/measured, by each study that is asked for. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Arguments, readArguments } from "./arguments.ts";
import { drawSvg } from "./charts.ts";
import { readCollection } from "./collection.ts";
import { startKeeper } from "./keeper.ts";
import { openModel } from "./models.ts";
import { candidates } from "./studies/candidates.ts";
import { chunkLength } from "./studies/chunk-length.ts";
import { hybrid } from "./studies/hybrid.ts";
import { long } from "./studies/long.ts";
import { queryPrompts } from "./studies/prompts.ts";
import { quality } from "./studies/quality.ts";
import type { Report, Setup, Study } from "./studies/study.ts";

export const studies: Record<string, Study> = {
  quality,
  hybrid,
  long,
  prompts: queryPrompts,
  chunks: chunkLength,
  candidates,
};

const output = join(import.meta.dirname, "../../docs/measured");

async function main(given: Arguments): Promise<void> {
  const collection = readCollection(given.folder);
  const say = (line: string) => console.error(line);
  const opened = await openModel(given);
  const keeper = await startKeeper(opened.source);
  const setup: Setup = { ...opened, collection, api: keeper, candidates: given.candidates, say };
  console.log(describe(setup));
  try {
    for (const name of given.studies) {
      const report = await (studies[name] as Study)(setup);
      console.log(`\n## ${report.title}\n\n${report.body}`);
      await write(report, name, setup, given);
    }
    const { texts, pairs } = keeper.asked;
    console.log(`\n${texts} texts were embedded, ${pairs} pairs scored.`);
  } finally {
    await keeper.close();
    await opened.close();
  }
}

async function write(report: Report, study: string, setup: Setup, { command }: Arguments): Promise<void> {
  const name = `${setup.collection.name}-${study}`;
  await mkdir(output, { recursive: true });
  const chart = report.chart ? `![${report.title}](${name}.svg)\n\n` : "";
  const page = `# ${report.title}\n\n${describe(setup)}\n\n${report.body}\n\n${chart}Made by \`${command(study)}\`\n`;
  await writeFile(join(output, `${name}.md`), page);
  if (report.chart) await writeFile(join(output, `${name}.svg`), await drawSvg(report.chart));
}

function describe({ collection, model, reranker }: Setup): string {
  const { name, documents, queries } = collection;
  return `${name}: ${documents.length} documents, ${queries.length} queries. Embedded by ${model}, reranked by ${reranker}.`;
}

await main(readArguments(process.argv.slice(2), Object.keys(studies))).catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
