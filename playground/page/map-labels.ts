/** the passages' sources and places -> where the largest groups' names stand: packages, or folders */
import type { Place } from "./place-among.ts";

export interface MapLabel {
  text: string;
  place: Place;
}

const mostLabels = 8;
/** Of all passages: a smaller group has no name on the map. */
const leastShare = 0.03;
/** Of the letters, in the drawing's units. */
const letterWidth = 7;
const lineHeight = 14;

/** The largest group's label first; one that would cover a larger group's is left out. */
export function labelsOf(sources: string[], places: Place[], side: number): MapLabel[] {
  const groups = new Map<string, Place[]>();
  for (const [at, source] of sources.entries()) {
    const place = places[at];
    if (place) groups.set(groupOf(source), [...(groups.get(groupOf(source)) ?? []), place]);
  }
  const labels: MapLabel[] = [];
  const bySize = [...groups].sort(([, one], [, other]) => other.length - one.length);
  for (const [text, members] of bySize) {
    const label = { text, place: middle(text, members, side) };
    const isLarge = members.length >= leastShare * sources.length && labels.length < mostLabels;
    if (isLarge && !labels.some((other) => cover(label, other))) labels.push(label);
  }
  return labels;
}

/** `@scope/package/file.md:1-2` -> `@scope/package`; a file without a folder stands for itself. */
function groupOf(source: string): string {
  const [first = "", second = ""] = source.replace(/:[\d-]+$/, "").split(/[\\/]/);
  return first.startsWith("@") ? `${first}/${second}` : first;
}

/** Not so near to the edge that letters would be cut off. */
function middle(text: string, members: Place[], side: number): Place {
  const half = (text.length * letterWidth) / 2;
  const [x, y] = [median(members, 0), median(members, 1)];
  return [Math.max(half, Math.min(side - half, x)), y];
}

function cover(one: MapLabel, other: MapLabel): boolean {
  const width = ((one.text.length + other.text.length) * letterWidth) / 2;
  const [across, down] = [one.place[0] - other.place[0], one.place[1] - other.place[1]];
  return Math.abs(across) < width && Math.abs(down) < lineHeight;
}

function median(places: Place[], axis: 0 | 1): number {
  const sorted = places.map((place) => place[axis]).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
