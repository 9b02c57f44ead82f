/** A table -> lines of text: padded for a terminal, or Markdown. */
import type { Table } from "./report.ts";

export function plainTable({ caption, head, rows }: Table): string {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const padded = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [caption, "-".repeat(caption.length), ...padded].join("\n");
}

export function markdownTable({ caption, head, rows }: Table): string {
  const line = (cells: readonly unknown[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = line(head.map(() => "---"));
  return [`### ${caption}`, "", line(head), rule, ...rows.map(line)].join("\n");
}
