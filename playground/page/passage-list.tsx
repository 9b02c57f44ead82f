/** hits -> a list of passages with their scores, and where each went */
import { scaleLinear } from "d3-scale";
import { useState } from "preact/hooks";
import type { Hit } from "../wire.ts";
import { excerpt, plainText } from "./excerpt.ts";
import type { Piece } from "./words.ts";

export type ListName = "candidates" | "ranking";
type Match = (text: string) => Piece[];

export interface PassageListProps {
  name: ListName;
  hits: Hit[];
  /** The other list. */
  others: Hit[];
  active: string | undefined;
  match: Match;
  isBusy: boolean;
  /** What stands there before anything was asked. */
  hint: string | undefined;
}

export function PassageList({ name, hits, others, active, match, isBusy, hint }: PassageListProps) {
  const scores = hits.map(({ score }) => score);
  // Bars begin at zero, so that their lengths can be compared; some rerankers' scores are below it.
  const bar = scaleLinear([Math.min(0, ...scores), Math.max(0, ...scores)], [0, 100]);
  if (hits.length === 0 && isBusy) return <Skeleton rows={name === "candidates" ? 8 : 4} />;
  if (hits.length === 0) return hint ? <p class="quiet">{hint}</p> : null;
  return (
    <ol class="passages" data-list={name}>
      {hits.map((hit, at) => (
        <Passage
          key={hit.id}
          {...{ hit, name, match, rank: at + 1, width: bar(hit.score), isActive: hit.id === active }}
          other={others.findIndex(({ id }) => id === hit.id) + 1}
          isStop={active && hits.some(({ id }) => id === active) ? hit.id === active : at === 0}
          isSettled={others.length > 0}
        />
      ))}
    </ol>
  );
}

interface PassageProps {
  hit: Hit;
  name: ListName;
  match: Match;
  rank: number;
  /** Of the bar, in per cent. */
  width: number;
  /** Its rank on the other side; 0 when it is not there. */
  other: number;
  isActive: boolean;
  /** Whether Tab stops here: once in each list, arrows do the rest. */
  isStop: boolean;
  isSettled: boolean;
}

const lengths = { candidates: 150, ranking: 320 };

function Passage({ hit, name, match, rank, width, other, isActive, isStop, isSettled }: PassageProps) {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? hit.text : excerpt(plainText(hit.text), match, lengths[name]);
  const isLeft = isSettled && other === 0;
  return (
    <li data-id={hit.id} class={`passage ${isActive ? "active" : ""} ${isLeft ? "left" : ""}`}>
      <button
        type="button"
        tabIndex={isStop ? 0 : -1}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="rank">{rank}</span>
        <span class="source">
          <bdi>{hit.source}</bdi>
        </span>
        {isSettled && <Move {...{ name, rank, other }} />}
        <span class="score">{hit.score.toFixed(3)}</span>
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${width}%` }} />
        </span>
        <span class={isOpen ? "text whole" : "text"}>
          {match(shown).map(({ text, isMatch }, at) => (isMatch ? <mark key={at}>{text}</mark> : text))}
        </span>
      </button>
    </li>
  );
}

function Move({ name, rank, other }: Pick<PassageProps, "name" | "rank" | "other">) {
  if (other === 0) return null;
  const climbed = name === "ranking" ? other - rank : rank - other;
  const direction = climbed > 0 ? "up" : climbed < 0 ? "down" : "same";
  const sign = { up: `▲${climbed}`, down: `▼${-climbed}`, same: "=" }[direction];
  const where = name === "ranking" ? `was ${other}` : `now ${other}`;
  return (
    <span class={`move ${direction}`}>
      <span class="where">{where}</span> {sign}
    </span>
  );
}

function Skeleton({ rows }: { rows: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} class="row" />
      ))}
    </div>
  );
}
