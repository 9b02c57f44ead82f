/** How many requests may be out, and when the next may start. */
import { onAbort } from "./abort.ts";
import { Pace } from "./pace.ts";
import { Quota } from "./quota.ts";

/** What a 429 said. */
export interface Refusal {
  /** The wait it stated, in milliseconds, if it stated one that is sat out. */
  statedMs: number | undefined;
  /** Whether tokens, not requests, were too many. */
  ofTokens: boolean;
}

/** Leave to send one request. It ends with exactly one of these. */
export interface Permit {
  succeed(headers: Headers): void;
  /** Answered 429. */
  refuse(refusal: Refusal): void;
  /** Any other end: nothing of it is about limits. */
  fail(): void;
}

interface Waiter {
  tokens: number;
  start: (permit: Permit) => void;
}

/** A slower start costs short jobs more than a refusal would. */
const FIRST_CONCURRENCY = 8;
/** What is left of the concurrency after a pattern of refusals. */
const DECREASE = 0.7;

export class Limiter {
  readonly #ceiling: number;
  readonly #longestWaitMs: number;
  #concurrency: number;
  /** A pattern of refusals was seen. */
  #isLimited = false;
  #inFlight = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** Milliseconds from sending to the answer, smoothed; at first a guess. */
  #latencyMs = 100;
  /** True tokens for each that was estimated, smoothed. */
  #tokenRatio = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #retries = new Set<Waiter>();
  readonly #waiting = new Set<Waiter>();
  readonly #pace = new Pace();
  readonly #requests = new Quota("x-ratelimit");
  readonly #tokens = new Quota("x-tokenlimit");

  /** `longestWaitMs`: no headers of a server make a request wait longer than this. */
  constructor(ceiling: number, longestWaitMs: number) {
    this.#ceiling = ceiling;
    this.#longestWaitMs = longestWaitMs;
    this.#concurrency = Math.min(FIRST_CONCURRENCY, ceiling);
  }

  /** Resolves when the request may start; repeated requests go first. @throws the signal's reason */
  async acquire(estimatedTokens: number, signal: AbortSignal, isRetry: boolean): Promise<Permit> {
    signal.throwIfAborted();
    const line = isRetry ? this.#retries : this.#waiting;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        tokens: estimatedTokens,
        start: (permit) => {
          stopListening();
          resolve(permit);
        },
      };
      const stopListening = onAbort(signal, () => {
        stopListening();
        line.delete(waiter);
        reject(signal.reason);
        this.#startDue();
      });
      line.add(waiter);
      this.#startDue();
    });
  }

  /** An answer told the true number of tokens. */
  learnTokens(estimated: number, actual: number): void {
    if (estimated > 0 && actual > 0) this.#tokenRatio += 0.3 * (actual / estimated - this.#tokenRatio);
  }

  /** Starts every waiter that is due, and sets a timer for the next. */
  #startDue(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#inFlight < Math.floor(this.#concurrency)) {
      // The first after a pause is the likeliest to be refused: one that was refused already has fewer attempts left.
      const isFirst = this.#lastStart < this.#pausedUntil && this.#waiting.size > 0;
      const line = this.#retries.size > 0 && !isFirst ? this.#retries : this.#waiting;
      const [waiter] = line;
      if (!waiter) return;
      const now = performance.now();
      const tokens = waiter.tokens * this.#tokenRatio;
      const waitMs = this.#dueAt(tokens, now) - now;
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#startDue(), Math.ceil(waitMs));
        return;
      }
      line.delete(waiter);
      waiter.start(this.#permit(tokens, now));
    }
  }

  #dueAt(tokens: number, now: number): number {
    return Math.max(
      this.#pausedUntil,
      // After a pause, one after the other and not in a burst.
      now < this.#pausedUntil + this.#latencyMs ? this.#lastStart + this.#latencyMs / this.#concurrency : 0,
      this.#pace.nextAt(),
      Math.min(
        Math.max(this.#requests.nextAt(1, now), this.#tokens.nextAt(tokens, now)),
        this.#lastStart + this.#longestWaitMs,
      ),
    );
  }

  #permit(tokens: number, sentAt: number): Permit {
    const cost = { requests: 1, tokens };
    this.#inFlight++;
    this.#lastStart = sentAt;
    this.#pace.sent(cost, sentAt);
    this.#requests.send(1);
    this.#tokens.send(tokens);
    const end = (isUsed: boolean, learn: (now: number) => void) => {
      this.#inFlight--;
      this.#requests.settle(1, isUsed);
      this.#tokens.settle(tokens, isUsed);
      learn(performance.now());
      this.#startDue();
    };
    return {
      succeed: (headers) =>
        end(true, (now) => {
          this.#grow(now - sentAt);
          this.#pace.accepted(cost);
          this.#requests.observe(headers, sentAt, now);
          this.#tokens.observe(headers, sentAt, now);
          this.#pauseUntil(Math.min(this.#requests.emptyUntil(), now + this.#longestWaitMs));
        }),
      refuse: ({ statedMs, ofTokens }) =>
        end(false, (now) => {
          const { pauseMs, isSlower } = this.#pace.refused(sentAt, now, ofTokens, statedMs);
          this.#pauseUntil(now + pauseMs);
          if (isSlower) this.#shrink(now);
        }),
      fail: () => end(true, () => {}),
    };
  }

  #grow(latencyMs: number): void {
    this.#latencyMs += 0.2 * (latencyMs - this.#latencyMs);
    // As in TCP: twice as many from round trip to round trip, until refusals make a pattern; after that, one more. What
    // was not used says nothing of more: answers that come one after the other make no room for a burst.
    const wasFull = this.#inFlight + 1 >= Math.floor(this.#concurrency);
    const step = this.#isLimited ? 1 / this.#concurrency : Number(wasFull);
    this.#concurrency = Math.min(this.#ceiling, this.#concurrency + step);
  }

  /** Fewer at a time, but still enough to keep up the rate that the server allows. */
  #shrink(now: number): void {
    this.#isLimited = true;
    const needed = this.#pace.requestRate(now) * this.#latencyMs;
    this.#concurrency = Math.min(this.#concurrency, Math.max(2 + needed, DECREASE * this.#concurrency));
  }

  #pauseUntil(at: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, at);
  }
}
