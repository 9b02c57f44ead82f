/** what is missing or has failed -> notices in the place that they concern */
import type { Failure, IndexState } from "../wire.ts";
import type { Outcome } from "./use-search.ts";

export function GoneNotice() {
  return (
    <p class="notice" role="alert">
      <strong>The playground's server does not answer.</strong> Was it stopped?{" "}
      <code>npm run playground</code> starts it; this page finds it by itself.
    </p>
  );
}

/** Nothing if the index is ready. */
export function IndexNotice(props: { index: IndexState | undefined; model: string; onAgain: () => void }) {
  const { index, model, onAgain } = props;
  if (index?.state === "building") {
    return (
      <div class="building" role="status">
        <label for="building">
          Embedding with {model}: {index.passages} passages so far
        </label>
        <progress id="building" value={index.share} max={1} />
      </div>
    );
  }
  if (index?.state !== "failed") return null;
  return (
    <div class="notice" role="alert">
      <p>
        <strong>There is no index of {model}.</strong> {index.message}
      </p>
      <button type="button" onClick={onAgain}>
        Try again
      </button>
    </div>
  );
}

const titles = {
  embed: "The question could not be embedded",
  search: "The table could not be searched",
  rerank: "The candidates could not be reranked",
};

export function FailureNotice({ failure, onAgain }: { failure: Failure; onAgain: () => void }) {
  return (
    <div class="notice" role="alert">
      <p>
        <strong>{titles[failure.step]}.</strong> {failure.message}
      </p>
      <button type="button" onClick={onAgain}>
        Try again
      </button>
    </div>
  );
}

export function RetryNotice({ retry }: { retry: NonNullable<Outcome["retry"]> }) {
  return (
    <p class="retry" role="status">
      Trying again in {(retry.waitMs / 1000).toFixed(1)} s (repetition {retry.attempt}). {retry.message}
    </p>
  );
}
