/** the vectors of all passages and of the question -> a map in two dimensions that highlights the question's hits */
import { Delaunay } from "d3-delaunay";
import { scaleLinear } from "d3-scale";
import { memo } from "preact/compat";
import { useMemo, useState } from "preact/hooks";
import type { Hit, Points, SearchEvent } from "../wire.ts";
import { labelsOf } from "./map-labels.ts";
import type { Place } from "./place-among.ts";
import { useMap } from "./use-map.ts";

export interface VectorMapProps {
  model: string;
  candidates: Extract<SearchEvent, { kind: "candidates" }> | undefined;
  best: Hit[];
  active: string | undefined;
  setActive: (id: string | undefined) => void;
}

const side = 400;
const margin = 18;

export function VectorMap({ model, candidates, best, active, setActive }: VectorMapProps) {
  const { points, places, question, progress, failure } = useMap(model, candidates?.questionVector);
  const [pointed, setPointed] = useState<number>();
  const scaled = useMemo(() => fit(places), [places]);
  const delaunay = useMemo(() => Delaunay.from(scaled.places), [scaled]);
  const asked = question && scaled.place(question);
  const placeOf = useMemo(() => {
    const places = new Map(points?.ids.map((id, at) => [id, scaled.places[at]]));
    return (id: string) => places.get(id);
  }, [points, scaled]);
  const near = candidates?.hits ?? [];
  const bestIds = new Set(best.map(({ id }) => id));
  const shown = pointed ?? (active && points ? points.ids.indexOf(active) : -1);
  const spot = scaled.places[shown];

  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const [x, y] = [
      ((event.clientX - box.left) / box.width) * side,
      ((event.clientY - box.top) / box.height) * side,
    ];
    const at = delaunay.find(x, y);
    const [px, py] = scaled.places[at] ?? [Number.POSITIVE_INFINITY, 0];
    const isNear = Math.hypot(px - x, py - y) < 24;
    setPointed(isNear ? at : undefined);
    setActive(isNear ? points?.ids[at] : undefined);
  };

  return (
    <section class="map" aria-labelledby="map-title">
      <h2 id="map-title">
        Map <small>{progress < 1 ? `UMAP, ${Math.round(progress * 100)} %` : "UMAP of the vectors"}</small>
      </h2>
      {failure && (
        <p class="notice" role="alert">
          {failure}
        </p>
      )}
      <svg
        viewBox={`0 0 ${side} ${side}`}
        role="img"
        aria-label={`${scaled.places.length} passages in two dimensions, those of like meaning beside each other; the question among its ${near.length} candidates`}
        onPointerMove={point}
        onPointerLeave={() => {
          setPointed(undefined);
          setActive(undefined);
        }}
      >
        <Dots places={scaled.places} />
        {/* Below what was found: a name must not cover it. */}
        <Labels {...{ points, places: scaled.places, isStill: progress === 1 }} />
        {asked &&
          best.map(({ id }) => {
            const place = placeOf(id);
            return (
              place && <line key={id} class="ray" x1={asked[0]} y1={asked[1]} x2={place[0]} y2={place[1]} />
            );
          })}
        {near.map(({ id }) => {
          const place = placeOf(id);
          const isBest = bestIds.has(id);
          return (
            place && (
              <circle
                key={id}
                class={isBest ? "hit best" : "hit"}
                cx={place[0]}
                cy={place[1]}
                r={isBest ? 5 : 4}
              />
            )
          );
        })}
        {asked && <path class="asked" d={star(asked)} />}
        {spot && <circle class="pointed" cx={spot[0]} cy={spot[1]} r="8" />}
      </svg>
      <p class="caption">
        {points && spot ? (
          <>
            <strong>{points.sources[shown]}</strong> {points.excerpts[shown]}
          </>
        ) : (
          <>
            <span class="entry">
              <span class="key asked">★</span> question
            </span>{" "}
            <span class="entry">
              <span class="key best">●</span> reranked
            </span>{" "}
            <span class="entry">
              <span class="key hit">●</span> candidate
            </span>{" "}
            <span class="entry">
              <span class="key dot">●</span> passage
            </span>
          </>
        )}
      </p>
    </section>
  );
}

const Dots = memo(({ places }: { places: Place[] }) => (
  <g class="dots">
    {places.map(([x, y], at) => (
      <circle key={at} cx={x} cy={y} r="1.7" />
    ))}
  </g>
));

const Labels = memo(
  ({ points, places, isStill }: { points: Points | undefined; places: Place[]; isStill: boolean }) => {
    if (!points || !isStill) return null;
    return (
      <g class="labels">
        {labelsOf(points.sources, places, side).map(({ text, place: [x, y] }) => (
          <text key={text} x={x} y={y}>
            {text}
          </text>
        ))}
      </g>
    );
  },
);

/** Stretches the places to fill the square. The axes of such a map have no unit. */
function fit(places: Place[]): { places: Place[]; place: (place: Place) => Place } {
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const range = [margin, side - margin];
  const across = scaleLinear([left, right], range);
  const down = scaleLinear([top, bottom], range);
  const place = ([x, y]: Place): Place => [across(x), down(y)];
  return { places: places.map(place), place };
}

function star([x, y]: Place): string {
  const corners = Array.from({ length: 10 }, (_, corner) => {
    const radius = corner % 2 ? 4 : 9.5;
    const angle = (corner * Math.PI) / 5 - Math.PI / 2;
    return `${x + radius * Math.cos(angle)},${y + radius * Math.sin(angle)}`;
  });
  return `M${corners.join("L")}Z`;
}
