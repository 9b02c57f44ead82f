/** a question -> candidates by vector, or by vector and words, then the best of them after reranking, each sent as soon as it is known */
import { TogetherApiError, type TogetherClient } from "@together-retrieval/core";
import type { Cost, Hit, SearchEvent, SearchRequest, Step } from "../wire.ts";
import { type PassageIndex, sourceOf } from "./index.ts";
import type { Service } from "./service.ts";
import { openLangChain } from "./with-langchain.ts";
import { openLlamaIndex } from "./with-llamaindex.ts";

/** A person is waiting, so there are only a few retries with short waits. */
const patience = { maxRetries: 3, maxRetryWaitMs: 10_000, timeoutMs: 60_000 };

/** An error of a step is not thrown, but is the last event. If `signal` aborts, it ends without such an event. */
export async function search(
  request: SearchRequest,
  index: PassageIndex,
  service: Service,
  signal: AbortSignal,
  tell: (event: SearchEvent) => Promise<void>,
): Promise<void> {
  let step: Step = "embed";
  const client = service.client({
    ...patience,
    onRetry: ({ attempt, waitMs, error }) =>
      void tell({ kind: "retry", step, attempt, waitMs, message: error.message }),
  });
  const take = async <Result>(next: Step, work: () => Promise<Result>): Promise<[Result, Cost]> => {
    signal.throwIfAborted();
    step = next;
    return measure(client, work);
  };
  try {
    const open = request.framework === "langchain" ? openLangChain : openLlamaIndex;
    const retrieval = open({ client, request, index, signal });
    const [questionVector, embed] = await take("embed", () => retrieval.embed(request.question));
    const [candidates, nearest] = await take("search", () =>
      request.hybrid ? findHybrid(request, questionVector, index) : retrieval.nearest(questionVector),
    );
    await tell({ kind: "candidates", hits: candidates, questionVector, embed, search: nearest });
    const [ranked, rerank] = await take("rerank", () => retrieval.rerank(request.question, candidates));
    await tell({ kind: "ranking", hits: ranked, rerank });
  } catch (error) {
    if (!signal.aborted) await tell(failure(step, error));
  }
}

/** A chunk with a low place in both lists may have a high place in the fused list, so both lists are longer than what is kept of them. */
const listed = 200;

/** Both lists come from one statement of ingest, because the stores of both frameworks cannot search by words. */
async function findHybrid(
  { question: text, candidates: count }: SearchRequest,
  vector: number[],
  { handle }: PassageIndex,
): Promise<Hit[]> {
  const found = await handle.find({ vector, text, count, listed });
  return found.map(({ id, text, metadata, similarity, vectorRank = null, textRank = null }) => ({
    ...{
      id,
      source: sourceOf(metadata),
      text,
      score: similarity,
      ranks: { vector: vectorRank, words: textRank },
    },
  }));
}

async function measure<Result>(client: TogetherClient, work: () => Promise<Result>): Promise<[Result, Cost]> {
  const before = client.usage;
  const begun = performance.now();
  const result = await work();
  const ms = performance.now() - begun;
  const { requests, retries, promptTokens } = client.usage;
  const cost = {
    ...{ ms, tokens: promptTokens - before.promptTokens },
    ...{ requests: requests - before.requests, retries: retries - before.retries },
  };
  return [result, cost];
}

function failure(step: Step, error: unknown): SearchEvent {
  const { status, code } = TogetherApiError.is(error) ? error : { status: null, code: null };
  return {
    kind: "error",
    step,
    message: error instanceof Error ? error.message : String(error),
    status,
    code,
  };
}
