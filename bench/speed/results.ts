/** A report -> a Markdown page, a chart and the raw rows, in a folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drawChart } from "./chart.ts";
import { type Report, targetTable } from "./report.ts";
import { markdownTable } from "./table.ts";

export interface Circumstances {
  command: string;
  machine: string[];
}

export async function writeResults(folder: string, name: string, report: Report, about: Circumstances) {
  await mkdir(folder, { recursive: true });
  const { chart, rows } = report;
  await writeFile(join(folder, `${name}.md`), page(name, report, about));
  await writeFile(join(folder, `${name}.jsonl`), `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
  if (chart) await writeFile(join(folder, `${name}.svg`), `${await drawChart(chart)}\n`);
}

function page(name: string, report: Report, { command, machine }: Circumstances): string {
  const { title, method, tables, targets, chart } = report;
  const parts = [
    `# ${title}`,
    method,
    "Medians, with the least and the most of all rounds in brackets where they differ.",
    ...(chart ? [`![${chart.title}](${name}.svg)`] : []),
    ...[...tables, targetTable(targets)].map(markdownTable),
    "### Where this comes from",
    [`\`${command}\`, ${new Date().toISOString().slice(0, 10)}`, ...machine]
      .map((line) => `- ${line}`)
      .join("\n"),
    `Every sample: \`${name}.jsonl\`, beside this page in the repository.`,
  ];
  return `${parts.join("\n\n")}\n`;
}
