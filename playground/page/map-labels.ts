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
/** How far from its group's middle a name may stand, across and down. */
const steps = [-48, -36, -24, -12, 0, 12, 24, 36, 48];

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
    const label = { text, place: clearest(text, members, places, side) };
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

/** Where around the group's middle the name covers the fewest dots; of equal places, the nearest to the middle. */
function clearest(text: string, members: Place[], places: Place[], side: number): Place {
  const half = (text.length * letterWidth) / 2;
  const covered = ([x, y]: Place) =>
    // A text stands on its line: the letters are above `y`.
    places.filter(([px, py]) => Math.abs(px - x) < half && py > y - lineHeight && py < y + 3).length;
  const [x, y] = [median(members, 0), median(members, 1)];
  const spots = steps
    .flatMap((dx) => steps.map((dy): Place => [x + dx, y + dy]))
    .sort((one, other) => Math.hypot(one[0] - x, one[1] - y) - Math.hypot(other[0] - x, other[1] - y))
    // Not so near to the edge that letters would be cut off.
    .map(([x, y]): Place => [within(x, half, side - half), within(y, lineHeight, side - 4)]);
  return spots.reduce((best, spot) => (covered(spot) < covered(best) ? spot : best));
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
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
