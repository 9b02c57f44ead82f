/** rows -> Markdown */
import { metricNames, type Row } from "./scores.ts";

/** The columns of `npm run eval`'s tables. */
export function scoreTable(rows: readonly Row[]): string {
  const head = ["", ...metricNames, "gain in nDCG@10, 95 % interval"];
  const cells = rows.map(({ name, means, gain }) => [
    name,
    ...metricNames.map((metric) => means[metric].toFixed(3)),
    gain ? gainCell(gain) : "",
  ]);
  return table(head, cells);
}

export function gainCell({ mean, interval: [low, high] }: NonNullable<Row["gain"]>): string {
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** Columns as wide as their widest cell, so that the text is a table too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
