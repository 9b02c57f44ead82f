/** A job and a server -> what became of its requests, sent as the product sends them, in simulated time. */
import { sendUntilAnswered } from "../../packages/core/src/attempts.ts";
import { TogetherApiError } from "../../packages/core/src/errors.ts";
import { keepHeaders } from "../../packages/core/src/limit-headers.ts";
import { Limiter } from "../../packages/core/src/limiter.ts";
import { isRetryableStatus, statedWaitMs } from "../../packages/core/src/retry.ts";
import type { LimitedServer, Reply } from "./servers.ts";

export interface Job {
  requests: number;
  server: LimitedServer;
  clients?: number;
  tokens?: (request: number) => number;
  model?: string;
}

/** A job, and what is aimed at. */
export interface Case {
  name: string;
  job: () => Job;
  /** The least time of the job. */
  idealMs: number;
  /** The most times the ideal. */
  makespan: number;
  /** The most refusals for each request. */
  refused: number;
  /** The most refusals after the first second. */
  refusedLater?: number;
}

export const options = { maxConcurrency: 16, maxRetries: 5, maxRetryWaitMs: 60_000, timeoutMs: 60_000 };

/** Sends all requests, each client through a limiter of its own, unless one is given. */
export async function run(
  { requests, server, clients = 1, tokens = () => 1, model = "a model" }: Job,
  shared?: Limiter,
  limits = options,
) {
  const start = performance.now();
  const result = {
    makespanMs: 0,
    refused: 0,
    lost: 0,
    lastLostMs: 0,
    refusedAt: [] as number[],
    errors: [] as string[],
  };
  const client = async () => {
    const limiter = shared ?? new Limiter(options);
    const call = {};
    const send = async (request: number) => {
      // Characters overestimate here; the limiter learns it.
      const estimate = tokens(request) * 1.25;
      const attempt = async () => {
        const reply = await server(tokens(request));
        const headers = new Headers(reply.headers);
        if (reply.status === 200) return { headers };
        result.refused++;
        result.refusedAt.push(performance.now() - start);
        throw asError(reply, headers);
      };
      const ask = { model, request: {}, call, tokens: estimate };
      try {
        await sendUntilAnswered(ask, attempt, { limiter, ...limits }, new AbortController().signal);
        limiter.learnTokens(model, estimate, tokens(request));
      } catch (error) {
        result.lost++;
        result.errors.push((error as Error).message);
        result.lastLostMs = performance.now() - start;
      }
    };
    await Promise.all(Array.from({ length: requests / clients }, (_, request) => send(request)));
  };
  await Promise.all(Array.from({ length: clients }, client));
  result.makespanMs = performance.now() - start;
  return result;
}

function asError({ status, ofTokens }: Reply, headers: Headers): TogetherApiError {
  const wait = statedWaitMs(headers, status);
  const error = new TogetherApiError("refused", {
    ...{ status, code: null, param: null, requestId: undefined },
    type: ofTokens ? "dynamic_token_limited" : null,
    retryable: isRetryableStatus(status, null),
    ...(wait && { retryAfterMs: wait }),
  });
  return keepHeaders(error, headers);
}
