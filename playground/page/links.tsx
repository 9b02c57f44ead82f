/** where a list and the ranking are on the screen -> a line from each passage to the same passage on the other side */
import { linkHorizontal } from "d3-shape";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Hit } from "../wire.ts";

export interface LinksProps {
  stage: RefObject<HTMLDivElement | null>;
  /** The list `words` is to the right of the ranking. */
  list: "candidates" | "words";
  near: Hit[];
  best: Hit[];
  active: string | undefined;
}

interface Line {
  id: string;
  path: string;
  direction: "up" | "down" | "same";
}

const curve = linkHorizontal();

export function Links({ stage, list, near, best, active }: LinksProps) {
  const [lines, setLines] = useState<Line[]>([]);
  const drawing = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const draw = () => setLines(measure(element, drawing.current, { list, near, best }));
    draw();
    // Lines are drawn again when rows open and close, windows change their size, and fonts are loaded.
    const observer = new ResizeObserver(draw);
    for (const box of [element, ...element.querySelectorAll("li")]) observer.observe(box);
    addEventListener("scroll", draw, { passive: true });
    return () => {
      observer.disconnect();
      removeEventListener("scroll", draw);
    };
  }, [near, best]);
  return (
    <svg class="links" aria-hidden="true" ref={drawing}>
      <title>Where reranking moved the candidates</title>
      {lines.map(({ id, path, direction }) => (
        <path key={id} d={path} class={`${direction} ${id === active ? "active" : ""}`} />
      ))}
    </svg>
  );
}

function measure(
  stage: HTMLElement,
  drawing: SVGSVGElement | null,
  { list, near, best }: Pick<LinksProps, "list" | "near" | "best">,
): Line[] {
  const svg = drawing?.getBoundingClientRect();
  if (!svg?.width) return [];
  const [start, end] = list === "candidates" ? [0, svg.width] : [svg.width, 0];
  const middle = (list: string, id: string): number | undefined => {
    const row = stage
      .querySelector(`[data-list="${list}"] [data-id="${CSS.escape(id)}"]`)
      ?.getBoundingClientRect();
    // The line ends at the row's heading, even if the row is open.
    return row && row.top + 20 - svg.top;
  };
  return best.flatMap(({ id }, rank) => {
    const from = middle(list, id);
    const to = middle("ranking", id);
    const path =
      from !== undefined && to !== undefined && curve({ source: [start, from], target: [end, to] });
    if (!path) return [];
    const climbed = near.findIndex((hit) => hit.id === id) - rank;
    return [{ id, path, direction: climbed > 0 ? "up" : climbed < 0 ? "down" : "same" }];
  });
}
