/** The result of a scenario: raw rows, tables, bars, and whether the targets are met. */

export type Cell = string | number;
export type Row = Record<string, Cell | boolean | undefined>;

export interface Table {
  caption: string;
  head: string[];
  rows: Cell[][];
}

export interface Bar {
  name: string;
  value: number;
  least: number;
  most: number;
  group: "ours" | "others" | "floor";
}

export interface Chart {
  title: string;
  /** What the bars' length means. */
  unit: string;
  bars: Bar[];
}

/** A figure that was aimed at. */
export interface Target {
  what: string;
  /** Met when the figure is at most this; at least, where more is better. */
  limit: number;
  figure: number;
  atLeast?: boolean;
  unit?: string;
}

export interface Report {
  title: string;
  /** How it was measured, in a few sentences. */
  method: string;
  tables: Table[];
  targets: Target[];
  chart?: Chart;
  rows: Row[];
}

export function isMet({ figure, limit, atLeast }: Target): boolean {
  return atLeast ? figure >= limit : figure <= limit;
}

/** A quick run leaves out some clients; a target that was not measured has no line. */
export function targetTable(targets: Target[]): Table {
  const digits = (value: number) => Number(value.toFixed(3));
  return {
    caption: "Targets",
    head: ["target", "aimed at", "measured", ""],
    rows: targets
      .filter(({ figure }) => !Number.isNaN(figure))
      .map((target) => {
        const { what, limit, figure, atLeast, unit = "" } = target;
        const aim = `${atLeast ? "at least" : "at most"} ${limit}${unit}`;
        return [what, aim, `${digits(figure)}${unit}`, isMet(target) ? "met" : "missed"];
      }),
  };
}
