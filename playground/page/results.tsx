/** what was found -> the candidates on the left, the ranking beside them, lines between them, and the map. A hybrid search adds the list by words on the right. */
import { useMemo, useRef, useState } from "preact/hooks";
import type { Hit } from "../wire.ts";
import { Links } from "./links.tsx";
import { VectorMap } from "./map.tsx";
import { FailureNotice, RetryNotice } from "./notices.tsx";
import { PassageList } from "./passage-list.tsx";
import { useRows } from "./use-rows.ts";
import type { Outcome } from "./use-search.ts";
import { matchWords } from "./words.ts";

export interface ResultsProps {
  outcome: Outcome;
  isReady: boolean;
  /** How many of the ranked passages are shown. */
  topN: number;
  /** The model that answers under every name, if there is only one. */
  answeredBy: string | null;
  model: string;
  visit: number;
  onAgain: () => void;
}

const panes = { candidates: "By vector", words: "By words", ranking: "Reranked", map: "Map" } as const;
type Pane = keyof typeof panes;

const none: Hit[] = [];

export function Results({ outcome, isReady, topN, answeredBy, model, visit, onAgain }: ResultsProps) {
  const { request, candidates, ranking, failure, retry, isBusy } = outcome;
  const [active, setActive] = useState<string>();
  const [pane, setPane] = useState<Pane>("ranking");
  const stage = useRef<HTMLDivElement>(null);
  const match = useMemo(() => matchWords(request?.question ?? ""), [request?.question]);
  const near = candidates?.hits ?? none;
  const best = useMemo(() => ranking?.hits.slice(0, topN) ?? none, [ranking, topN]);
  const isHybrid = request?.hybrid ?? false;
  const byVector = useMemo(() => (isHybrid ? listOf(near, "vector") : near), [near, isHybrid]);
  const byWords = useMemo(() => (isHybrid ? listOf(near, "words") : none), [near, isHybrid]);
  const rows = useRows(stage, { active, setActive });
  const failedAt = (steps: string[]) => failure && steps.includes(failure.step) && failure;
  const nearFailure = failedAt(["embed", "search"]);
  const bestFailure = failedAt(["rerank"]);
  const again = { onAgain };

  return (
    <div
      class="results"
      data-pane={pane === "words" && !isHybrid ? "candidates" : pane}
      data-hybrid={isHybrid}
    >
      <fieldset class="panes">
        <legend class="hidden">What to show</legend>
        {(Object.keys(panes) as Pane[])
          .filter((name) => isHybrid || name !== "words")
          .map((name) => (
            <button type="button" key={name} aria-pressed={pane === name} onClick={() => setPane(name)}>
              {panes[name]}
            </button>
          ))}
      </fieldset>
      <div class="stage" ref={stage} {...rows} aria-busy={isBusy}>
        <section class="column candidates" aria-labelledby="candidates-title">
          <h2 id="candidates-title">
            By vector <small>cosine{answeredBy && `, ${answeredBy}`}</small>
          </h2>
          {nearFailure && <FailureNotice failure={nearFailure} {...again} />}
          {retry && !candidates && <RetryNotice retry={retry} />}
          <PassageList
            {...{ name: "candidates", hits: byVector, others: best, active, match }}
            isBusy={isBusy && !candidates}
            hint={request || failure ? undefined : "While you type, the nearest passages appear here …"}
          />
        </section>
        <Links {...{ stage, list: "candidates", near: byVector, best, active }} />
        <section class="column ranking" aria-labelledby="ranking-title">
          <h2 id="ranking-title">
            Reranked <small>relevance{answeredBy && `, a heuristic on ${answeredBy}`}</small>
          </h2>
          {bestFailure && <FailureNotice failure={bestFailure} {...again} />}
          {retry && candidates && !ranking && <RetryNotice retry={retry} />}
          <PassageList
            {...{ name: "ranking", hits: best, others: near, active, match }}
            isBusy={isBusy && !ranking && !bestFailure}
            hint={request || failure ? undefined : "… and here the best of them, in the reranker's order."}
          />
        </section>
        {isHybrid && (
          <>
            <Links {...{ stage, list: "words", near: byWords, best, active }} />
            <section class="column words" aria-labelledby="words-title">
              <h2 id="words-title">
                By words <small>Postgres full text</small>
              </h2>
              <PassageList
                {...{ name: "words", hits: byWords, others: best, active, match, isBusy: false }}
                hint={candidates && "No passage has a word of the question."}
              />
            </section>
          </>
        )}
      </div>
      {isReady && <VectorMap key={`${model} ${visit}`} {...{ model, candidates, best, active, setActive }} />}
      <p class="hidden" role="status">
        {!isBusy && ranking && `${near.length} candidates, ${best.length} after reranking`}
      </p>
    </div>
  );
}

/** The fused candidates that are in the list, in its order. */
function listOf(fused: Hit[], list: "vector" | "words"): Hit[] {
  const place = ({ ranks }: Hit) => ranks?.[list] ?? Number.POSITIVE_INFINITY;
  return fused
    .filter((hit) => Number.isFinite(place(hit)))
    .toSorted((one, other) => place(one) - place(other));
}
