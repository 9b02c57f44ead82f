/** numbers -> what Vega-Lite draws, and its drawing as SVG */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Row } from "./scores.ts";

const look = { $schema: "https://vega.github.io/schema/vega-lite/v6.json", background: "white" } as const;

/** Each row's gain over the first, with its interval. */
export function gainChart(rows: readonly Row[], title: string): TopLevelSpec {
  const values = rows.flatMap(({ name, gain }) =>
    gain ? [{ name, gain: gain.mean, low: gain.interval[0], high: gain.interval[1] }] : [],
  );
  const axis = { labelLimit: 300 } as const;
  const way = { field: "name", type: "nominal", title: null, sort: null, axis } as const;
  return {
    ...look,
    data: { values },
    width: 420,
    height: { step: 34 },
    encoding: { y: way },
    layer: [
      {
        mark: { type: "rule", strokeDash: [4, 4] },
        encoding: { x: { datum: 0 }, y: { value: 0 }, y2: { value: { expr: "height" } } },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "low", type: "quantitative", title }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 70 },
        encoding: { x: { field: "gain", type: "quantitative" } },
      },
    ],
  };
}

/** Quality and time by the number of candidates, one over the other. */
export function candidatesChart(
  points: { candidates: number; nDCG: number; milliseconds: number }[],
): TopLevelSpec {
  const x = { field: "candidates", type: "quantitative", title: "candidates" } as const;
  const panel = (field: string, title: string, zero: boolean) =>
    ({
      mark: { type: "line", point: true },
      width: 420,
      height: 150,
      encoding: { x, y: { field, type: "quantitative", title, scale: { zero } } },
    }) as const;
  return {
    ...look,
    data: { values: points },
    vconcat: [panel("nDCG", "nDCG@10", false), panel("milliseconds", "reranking, ms a query", true)],
  };
}

export async function drawSvg(chart: TopLevelSpec): Promise<string> {
  return `${await new View(parse(compile(chart).spec), { renderer: "none" }).toSVG()}\n`;
}
