/** hits -> a list of passages with their scores, and where reranking moved each */
import { scaleLinear } from "d3-scale";
import { useState } from "preact/hooks";
import type { Hit } from "../wire.ts";
import { excerpt, plainText } from "./excerpt.ts";
import type { Piece } from "./words.ts";

export type ListName = "candidates" | "ranking" | "words";
type Match = (text: string) => Piece[];

export interface PassageListProps {
  name: ListName;
  hits: Hit[];
  /** The list on the other side: the candidates for `ranking`, the ranking for any other list. */
  others: Hit[];
  active: string | undefined;
  match: Match;
  isBusy: boolean;
  /** What to show before the first question. */
  hint: string | undefined;
}

export function PassageList({ name, hits, others, active, match, isBusy, hint }: PassageListProps) {
  const scores = hits.map(({ score }) => score);
  // Bars begin at zero, so that their lengths can be compared. Some rerankers give scores below zero.
  const bar = scaleLinear([Math.min(0, ...scores), Math.max(0, ...scores)], [0, 100]);
  if (hits.length === 0 && isBusy) return <Skeleton rows={name === "ranking" ? 4 : 8} />;
  if (hits.length === 0) return hint ? <p class="quiet">{hint}</p> : null;
  return (
    <ol class="passages" data-list={name}>
      {hits.map((hit, at) => (
        <Passage
          key={hit.id}
          {...{
            hit,
            name,
            match,
            rank: rankIn(name, hit) ?? at + 1,
            width: bar(hit.score),
            isActive: hit.id === active,
          }}
          other={others.findIndex(({ id }) => id === hit.id) + 1}
          isStop={active && hits.some(({ id }) => id === active) ? hit.id === active : at === 0}
          isSettled={others.length > 0}
        />
      ))}
    </ol>
  );
}

/** In a hybrid search: the passage's place in the list by vector, or by words. */
function rankIn(name: ListName, { ranks }: Hit): number | null | undefined {
  return name === "candidates" ? ranks?.vector : name === "words" ? ranks?.words : undefined;
}

interface PassageProps {
  hit: Hit;
  name: ListName;
  match: Match;
  rank: number;
  /** The length of the bar, in per cent. */
  width: number;
  /** Its rank in the list on the other side, or 0 if it is not in that list. */
  other: number;
  isActive: boolean;
  /** Whether Tab stops at this row. It stops once in each list, and the arrow keys move within the list. */
  isStop: boolean;
  isSettled: boolean;
}

const lengths = { candidates: 150, words: 150, ranking: 320 };

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
        {/* By words there is an order, and no score that could be compared. */}
        {name !== "words" && <span class="score">{hit.score.toFixed(3)}</span>}
        {name !== "words" && (
          <span class="bar" aria-hidden="true">
            <span style={{ width: `${width}%` }} />
          </span>
        )}
        {name === "ranking" && hit.ranks && (
          <span class="found">
            {[
              hit.ranks.vector ? `${hit.ranks.vector}. by vector` : "not by vector",
              hit.ranks.words ? `${hit.ranks.words}. by words` : "not by words",
            ].join(" · ")}
          </span>
        )}
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
