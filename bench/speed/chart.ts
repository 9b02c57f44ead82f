/** Bars with their spread -> an SVG, drawn without a browser. */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Chart } from "./report.ts";

const colours = { ours: "#1b7f5c", others: "#9aa5b1", floor: "#d08c34" };

export async function drawChart({ title, unit, bars }: Chart): Promise<string> {
  const name = { field: "name", type: "nominal", sort: bars.map((bar) => bar.name), title: null } as const;
  const spec: TopLevelSpec = {
    width: 560,
    background: "white",
    title: { text: title, anchor: "start" },
    data: { values: bars },
    config: { axis: { labelLimit: 0 }, font: "sans-serif" },
    encoding: { y: name },
    layer: [
      {
        mark: "bar",
        encoding: {
          x: { field: "value", type: "quantitative", title: unit },
          color: {
            field: "group",
            type: "nominal",
            legend: null,
            scale: { domain: Object.keys(colours), range: Object.values(colours) },
          },
        },
      },
      {
        mark: { type: "rule", color: "#333" },
        encoding: { x: { field: "least", type: "quantitative" }, x2: { field: "most" } },
      },
      {
        mark: { type: "text", align: "left", dx: 6, fontSize: 10 },
        encoding: {
          x: { field: "most", type: "quantitative" },
          text: { field: "value", type: "quantitative", format: ".2f" },
        },
      },
    ],
  };
  return new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
}
