/** the passages' sources and places -> where the largest groups' names stand: packages, or folders */
import type { Place } from "./use-map.ts";

export interface MapLabel {
  text: string;
  place: Place;
}

const mostLabels = 7;
/** Of all passages: a smaller group has no name on the map. */
const leastShare = 0.03;

export function labelsOf(sources: string[], places: Place[]): MapLabel[] {
  const groups = new Map<string, Place[]>();
  for (const [at, source] of sources.entries()) {
    const place = places[at];
    if (place) groups.set(groupOf(source), [...(groups.get(groupOf(source)) ?? []), place]);
  }
  return [...groups]
    .filter(([, members]) => members.length >= leastShare * sources.length)
    .sort(([, one], [, other]) => other.length - one.length)
    .slice(0, mostLabels)
    .map(([text, members]) => ({ text, place: [median(members, 0), median(members, 1)] }));
}

/** `@scope/package/file.md:1-2` -> `@scope/package`; a file without a folder stands for itself. */
function groupOf(source: string): string {
  const [first = "", second = ""] = source.replace(/:[\d-]+$/, "").split(/[\\/]/);
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function median(places: Place[], axis: 0 | 1): number {
  const sorted = places.map((place) => place[axis]).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
