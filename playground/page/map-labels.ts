/** the passages' sources and places -> where to write the names of the largest groups, which are packages or folders */
import type { Place } from "./place-among.ts";

export interface MapLabel {
  text: string;
  place: Place;
}

const mostLabels = 8;
/** A group with a smaller share of all passages has no name on the map. */
const leastShare = 0.03;
/** The width of a letter and the height of a line, in the units of the drawing. */
const letterWidth = 7;
const lineHeight = 14;
/** How far a name may be from the middle of its group, across and down. */
const steps = [-48, -36, -24, -12, 0, 12, 24, 36, 48];

/** The label of the largest group first. A label that would cover that of a larger group is left out. */
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

/** `@scope/package/file.md:1-2` -> `@scope/package`. A file without a folder is a group of its own. */
function groupOf(source: string): string {
  const [first = "", second = ""] = source.replace(/:[\d-]+$/, "").split(/[\\/]/);
  return first.startsWith("@") ? `${first}/${second}` : first;
}

/** The place around the group's middle where the name covers the fewest dots. Of equally good places, the one nearest to the middle. */
function clearest(text: string, members: Place[], places: Place[], side: number): Place {
  const half = (text.length * letterWidth) / 2;
  const covered = ([x, y]: Place) =>
    // `y` is the line under the letters.
    places.filter(([px, py]) => Math.abs(px - x) < half && py > y - lineHeight && py < y + 3).length;
  const [x, y] = [median(members, 0), median(members, 1)];
  const spots = steps
    .flatMap((dx) => steps.map((dy): Place => [x + dx, y + dy]))
    .sort((one, other) => Math.hypot(one[0] - x, one[1] - y) - Math.hypot(other[0] - x, other[1] - y))
    // Away from the edge, so that no letters are cut off.
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
