/** named checks, run one at a time -> a table of what ran and what failed, and the exit code */

interface Cell {
  row: string;
  column: string;
  outcome: string;
}

export class Matrix {
  readonly #title: string;
  readonly #cells: Cell[] = [];
  readonly #failures: string[] = [];

  constructor(title: string) {
    this.#title = title;
  }

  /** Runs one check, and shows the text it gives, if any. A failure is kept and told, and gives undefined; the others go on. */
  async run<Found>(row: string, column: string, check: () => Promise<Found>): Promise<Found | undefined> {
    const start = performance.now();
    try {
      const found = await check();
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      this.note(row, column, `${typeof found === "string" ? found : "ran"} ${seconds} s`);
      return found;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#failures.push(`${row}, ${column}: ${message}`);
      this.note(row, column, "FAILED");
      // Now too, for a run that is ended before its report.
      console.log(message);
      return undefined;
    }
  }

  /** A cell that is not run, and why. */
  note(row: string, column: string, outcome: string): void {
    this.#cells.push({ row, column, outcome });
    console.log(`${row} · ${column} · ${outcome}`);
  }

  /** Prints the failures, then the table; whoever started the process sees a failure in its exit code. */
  report(): void {
    const columns = [...new Set(this.#cells.map(({ column }) => column))];
    const rows = [...new Set(this.#cells.map(({ row }) => row))];
    const outcome = (row: string, column: string) =>
      this.#cells.find((cell) => cell.row === row && cell.column === column)?.outcome ?? "–";
    const table = [
      [this.#title, ...columns],
      ...rows.map((row) => [row, ...columns.map((column) => outcome(row, column))]),
    ];
    const width = (at: number) => Math.max(...table.map((line) => line[at]?.length ?? 0));
    for (const failure of this.#failures) console.log(`\nFAILED ${failure}`);
    console.log("");
    for (const line of table)
      console.log(
        line
          .map((text, at) => text.padEnd(width(at) + 2))
          .join("")
          .trimEnd(),
      );
    if (this.#failures.length > 0) process.exitCode = 1;
  }
}
