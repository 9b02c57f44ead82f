/** A table -> lines of text: for a terminal, or Markdown. */
import type { Table } from "./report.ts";

export function plainTable({ caption, head, rows }: Table): string {
  const lines = columns([head, ...rows].map((cells) => cells.map(String)));
  return [caption, "-".repeat(caption.length), ...lines.map((cells) => cells.join("  ").trimEnd())].join(
    "\n",
  );
}

/** As a formatter of Markdown would leave it. */
export function markdownTable({ caption, head, rows }: Table): string {
  const escaped = [head, ...rows].map((cells) => cells.map((cell) => String(cell).replaceAll("|", "\\|")));
  const [first = [], ...others] = columns(escaped);
  const rule = first.map((cell) => "-".repeat(cell.length));
  const lines = [first, rule, ...others].map((cells) => `| ${cells.join(" | ")} |`);
  return [`### ${caption}`, "", ...lines].join("\n");
}

/** Every cell as wide as the widest of its column. */
function columns(lines: string[][]): string[][] {
  const width = (column: number) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0));
  return lines.map((cells) => cells.map((cell, column) => cell.padEnd(width(column))));
}
