/** what is asked -> what was found so far; a newer question ends an older one */
import { useEffect, useReducer } from "preact/hooks";
import type { Failure, SearchEvent, SearchRequest } from "../wire.ts";
import { ask } from "./ask.ts";

type Event<Kind extends SearchEvent["kind"]> = Extract<SearchEvent, { kind: Kind }>;

export interface Outcome {
  /** What is shown belongs to this request; absent before the first answer. */
  request: SearchRequest | undefined;
  candidates: Event<"candidates"> | undefined;
  ranking: Event<"ranking"> | undefined;
  failure: Failure | undefined;
  retry: Event<"retry"> | undefined;
  isBusy: boolean;
}

type Action =
  | { kind: "begin" }
  | { kind: "end" }
  | { kind: "reset" }
  | { kind: "heard"; request: SearchRequest; event: SearchEvent };

const nothing: Outcome = {
  ...{ request: undefined, candidates: undefined, ranking: undefined },
  ...{ failure: undefined, retry: undefined, isBusy: false },
};

/** What was found before stays until the answer to the new question is there. */
function reduce(outcome: Outcome, action: Action): Outcome {
  if (action.kind === "reset") return nothing;
  if (action.kind === "begin") return { ...outcome, isBusy: true, failure: undefined, retry: undefined };
  if (action.kind === "end") return { ...outcome, isBusy: false, retry: undefined };
  const { request, event } = action;
  if (event.kind === "retry") return { ...outcome, retry: event };
  if (event.kind === "candidates") return { ...nothing, request, isBusy: true, candidates: event };
  if (event.kind === "ranking") return { ...outcome, retry: undefined, ranking: event };
  // Beside a failed step nothing of an older question may stand.
  const kept = event.step === "rerank" ? { request, candidates: outcome.candidates } : { request };
  return { ...nothing, ...kept, failure: event };
}

/** Milliseconds without a key pressed before a question is asked. */
const pause = 250;

/** @param request undefined: there is nothing to ask, or no index to ask */
export function useSearch(request: SearchRequest | undefined, turn: number): Outcome {
  const [outcome, dispatch] = useReducer(reduce, nothing);
  const key = request && JSON.stringify(request);
  // `turn` asks the same again: after Enter, and when the server is back.
  useEffect(() => {
    if (!request) {
      dispatch({ kind: "reset" });
      return;
    }
    const abort = new AbortController();
    dispatch({ kind: "begin" });
    const timer = setTimeout(async () => {
      for await (const event of ask(request, abort.signal)) dispatch({ kind: "heard", request, event });
      if (!abort.signal.aborted) dispatch({ kind: "end" });
    }, pause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, turn]);
  return outcome;
}
