/** what is asked -> what was found so far. A newer question ends an older one. */
import { useEffect, useReducer } from "preact/hooks";
import type { Failure, SearchEvent, SearchRequest } from "../wire.ts";
import { ask } from "./ask.ts";

type Event<Kind extends SearchEvent["kind"]> = Extract<SearchEvent, { kind: Kind }>;

export interface Outcome {
  /** The request whose results are shown. It is absent before the first answer. */
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

/** The old results stay until the answer to the new question has come. */
function reduce(outcome: Outcome, action: Action): Outcome {
  if (action.kind === "reset") return nothing;
  if (action.kind === "begin") return { ...outcome, isBusy: true, failure: undefined, retry: undefined };
  if (action.kind === "end") return { ...outcome, isBusy: false, retry: undefined };
  const { request, event } = action;
  if (event.kind === "retry") return { ...outcome, retry: event };
  if (event.kind === "candidates") return { ...nothing, request, isBusy: true, candidates: event };
  if (event.kind === "ranking") return { ...outcome, retry: undefined, ranking: event };
  // Next to a failed step, nothing of an older question may be shown.
  const kept = event.step === "rerank" ? { request, candidates: outcome.candidates } : { request };
  return { ...nothing, ...kept, failure: event };
}

/** Milliseconds without a key pressed before a question is asked. */
const pause = 250;

/** @param request undefined if there is no question, or no index */
export function useSearch(request: SearchRequest | undefined, turn: number): Outcome {
  const [outcome, dispatch] = useReducer(reduce, nothing);
  const key = request && JSON.stringify(request);
  // A new `turn` asks the same again, after Enter or when the server is back.
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
