/**
 * What one model's answers tell of its limits -> how many of its requests may be out, and when the next is due.
 *
 * | answer                                    | what follows for the model                                                |
 * | ----------------------------------------- | ------------------------------------------------------------------------- |
 * | accepted                                  | counted; what headers tell is kept to                                     |
 * | one 429                                   | its stated wait pauses all                                                |
 * | one 503, timeout, broken connection       | nothing: it is that request's own                                         |
 * | four requests refused among 20 answers    | a pattern: from here on each of the next three rows                       |
 * | … 429s, as late as answers come           | two at a time, then more; the rate is measured, and kept just under       |
 * | … refusals much sooner than answers come  | as many at a time as it took meanwhile                                    |
 * | … and nothing is accepted                 | one request at a time asks, after 0.5 s, then twice as long, up to 4 s     |
 * | nothing accepted for `maxRetryWaitMs`     | the end for all that wait: `outage.ts`                                    |
 * | none remaining, and a reset               | a pause until then                                                        |
 */
import { readLimits } from "./limit-headers.ts";
import type { Refused } from "./outage.ts";
import { type Cost, grown, Pace, smoothed } from "./pace.ts";
import { Quota } from "./quota.ts";

/** An answer that says: not now. */
export interface Refusal {
  /** A 429 is about the limit; any other trouble may be the request's own. */
  isLimit: boolean;
  /** The wait that it stated, in milliseconds; 0 for none. */
  statedMs: number;
  /** Whether tokens, not requests, were too many. */
  ofTokens: boolean;
  headers?: Headers | undefined;
  error: Refused;
}

/** The request's own trouble, everybody's, or everybody's while nothing is accepted. */
export type Trouble = "own" | "shared" | "outage";

/** A request in flight. */
export interface Sent {
  /** The identity of the request through all its attempts. */
  request: object;
  cost: Cost;
  at: number;
  /** How many were in flight with it. */
  level: number;
}

interface Crowding {
  request: object;
  /** How many were still in flight when it came back. */
  left: number;
  /** It came back much sooner than answers do. */
  isQuick: boolean;
}

/** So many requests refused among the last answers make a pattern: strays must not slow a client down. */
const PATTERN_REQUESTS = 4;
const PATTERN_ANSWERS = 20;
/** The pause after a refusal that states no wait; doubled, up to the longest, while nothing is accepted. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;
/** A bare 429 while others pass: the server has something again after about a third of the time between two requests. */
const EMPTY_INTERVALS = 0.35;
/** A refusal within this share of the time of an answer comes from a server that is full, and says so at once. */
const QUICK_SHARE = 0.5;
/** Where a server takes only so many at a time, one more is tried after so many answers: each trial may cost a pause. */
const CROWD_PROBE_REQUESTS = 80;
/** After a change of a rate that is not yet measured: two at a time, and one more for each four accepted. */
const RAMP_REQUESTS = 4;

export class ModelLimit {
  readonly #ceiling: number;
  readonly #longestWaitMs: number;
  /** The last answers, oldest first; `undefined` for an accepted request. */
  #recent: (Crowding | undefined)[] = [];
  /** A pattern of refusals was seen. */
  #isSlowed = false;
  #concurrency: number;
  /** The same before the last change. */
  #before: number;
  /** The refusals that belong to the last change. */
  #refusals: Crowding[] = [];
  #changedAt = Number.NEGATIVE_INFINITY;
  #acceptedSinceChange = 0;
  #wasLimit = false;
  /** It refuses what is beyond `#concurrency`. */
  #isFull = false;
  #pauseMs = FIRST_PAUSE_MS;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** Milliseconds from sending to the answer, smoothed. */
  #latencyMs = 0;
  /** True tokens for each that was estimated, smoothed. */
  #tokenRatio = 1;
  readonly #pace = new Pace();
  readonly #requests = new Quota();
  readonly #tokens = new Quota();

  /** `longestWaitMs`: no headers of a server make a request wait longer than this. */
  constructor(ceiling: number, longestWaitMs: number) {
    this.#ceiling = ceiling;
    this.#longestWaitMs = longestWaitMs;
    this.#concurrency = ceiling;
    this.#before = ceiling;
  }

  /** How many requests of the model may be in flight. */
  concurrency(now: number): number {
    if (!this.#isSlowed) return this.#ceiling;
    // While nothing is accepted, one request at a time asks whether it is again.
    if (this.#acceptedSinceChange === 0) return 1;
    const accepted = this.#acceptedSinceChange;
    const needed = this.#pace.requestRate(now) * this.#latencyMs;
    const forRate = Number.isFinite(needed) ? Math.ceil(needed) : 0;
    const target = !this.#wasLimit
      ? this.#concurrency + accepted / this.#concurrency
      : this.#isFull
        ? this.#concurrency * Math.max(1, grown(accepted / CROWD_PROBE_REQUESTS))
        : 2 + accepted / RAMP_REQUESTS;
    return Math.min(this.#ceiling, Math.max(Math.floor(target), forRate + (this.#isFull ? 0 : 1)));
  }

  /** An answer told the true number of tokens. */
  learnTokens(estimated: number, actual: number): void {
    if (estimated > 0 && actual > 0) this.#tokenRatio = smoothed(this.#tokenRatio, actual / estimated);
  }

  /** When a request of so many estimated tokens may start, as far as is known; in the past for at once. */
  dueAt(estimatedTokens: number, now: number): number {
    const tokens = estimatedTokens * this.#tokenRatio;
    return Math.max(
      this.#pausedUntil,
      // After a pause, one after the other and not in a burst.
      now < this.#pausedUntil + this.#latencyMs
        ? this.#lastStart + this.#latencyMs / this.concurrency(now)
        : 0,
      this.#pace.nextAt(),
      Math.min(
        Math.max(this.#requests.nextAt(1, now), this.#tokens.nextAt(tokens, now)),
        this.#lastStart + this.#longestWaitMs,
      ),
    );
  }

  sent(request: object, estimatedTokens: number, level: number, now: number): Sent {
    const cost = { requests: 1, tokens: estimatedTokens * this.#tokenRatio };
    this.#lastStart = now;
    this.#pace.sent(cost, now);
    this.#requests.send(1);
    this.#tokens.send(cost.tokens);
    return { request, cost, at: now, level };
  }

  accepted(sent: Sent, headers: Headers, now: number): void {
    this.#settle(sent, true);
    this.#latencyMs = smoothed(this.#latencyMs, now - sent.at);
    this.#remember(undefined);
    this.#acceptedSinceChange++;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#pace.accepted(sent.cost, sent.at, now);
    const isFree = this.#acceptedSinceChange > 2 * PATTERN_ANSWERS && this.concurrency(now) >= this.#ceiling;
    if (isFree && this.#pace.rate(now) === Number.POSITIVE_INFINITY) this.#isSlowed = false;
    this.#observe(sent, headers, now);
  }

  /** Returns whose trouble it is. */
  refused(sent: Sent, refusal: Refusal, left: number, now: number): Trouble {
    this.#settle(sent, false);
    if (refusal.headers) this.#observe(sent, refusal.headers, now);
    const isQuick = this.#latencyMs === 0 || now - sent.at < QUICK_SHARE * this.#latencyMs;
    const refused = { request: sent.request, left, isQuick };
    this.#remember(refused);
    const { isLimit, statedMs } = refusal;
    if (isLimit && statedMs) this.#pauseUntil(now + statedMs);
    if (isLimit) this.#pace.tooMany(sent.cost);
    const isPattern = this.#isSlowed || this.#refusedOfLate().length >= PATTERN_REQUESTS;
    if (isPattern) {
      if (!this.#isSlowed || sent.at >= this.#changedAt) this.#change(refusal, sent, now);
      this.#refusals.push(refused);
      this.#learnTaken();
    }
    return isPattern ? "shared" : "own";
  }

  /** Any other end: nothing of it is about limits. */
  failed(sent: Sent): void {
    this.#settle(sent, true);
  }

  /** The first refusal of a request that was sent since the last change. */
  #change({ isLimit, statedMs, ofTokens }: Refusal, sent: Sent, now: number): void {
    const isClosed = this.#isSlowed && this.#acceptedSinceChange === 0;
    const known = this.#concurrency;
    this.#before = this.#isSlowed && !isClosed ? this.concurrency(now) : known;
    const pauseMs = (isLimit || isClosed) && statedMs ? statedMs : this.#ownPause(isLimit, isClosed, now);
    this.#pauseUntil(now + pauseMs);
    if (!this.#isSlowed) this.#pace.startMeasure(now + statedMs);
    else if (isLimit && sent.level <= known)
      this.#pace.refused(ofTokens, statedMs ? now + statedMs : sent.at, now + pauseMs, now);
    this.#refusals = this.#isSlowed ? [] : this.#refusedOfLate();
    this.#isSlowed = true;
    this.#wasLimit = isLimit;
    this.#changedAt = now;
    this.#acceptedSinceChange = 0;
  }

  /**
   * How many at a time the server takes: a server that is full says so at once, and what is still in flight then is what
   * it took. A refusal that takes as long as an answer tells nothing of it; neither does one when nothing is taken.
   */
  #learnTaken(): void {
    const taken = Math.min(...this.#refusals.map(({ left }) => left));
    this.#isFull = taken >= 1 && this.#refusals.every(({ isQuick }) => isQuick);
    this.#concurrency = this.#isFull ? Math.min(this.#before, taken) : this.#before;
  }

  /** Of the last answers the refusals, one for each request. */
  #refusedOfLate(): Crowding[] {
    const refused = this.#recent.filter((one) => one !== undefined);
    return [...new Map(refused.map((one) => [one.request, one])).values()];
  }

  /** Longer and longer while nothing is accepted; else until the server has something to give again. */
  #ownPause(isLimit: boolean, isClosed: boolean, now: number): number {
    if (!isClosed && !isLimit) return 0;
    const untilNext = EMPTY_INTERVALS / this.#pace.requestRate(now);
    if (!isClosed && untilNext > 0) return Math.min(FIRST_PAUSE_MS, untilNext);
    const pauseMs = this.#pauseMs * (0.5 + 0.5 * Math.random());
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    return pauseMs;
  }

  #observe(sent: Sent, headers: Headers, now: number): void {
    const told = readLimits(headers, Date.now());
    this.#requests.observe(told.requests, sent.at, now);
    this.#tokens.observe(told.tokens, sent.at, now);
    if (this.#requests.isFull) this.#pace.forget("requests");
    if (this.#tokens.isFull) this.#pace.forget("tokens");
    this.#pauseUntil(Math.min(this.#requests.emptyUntil(), now + this.#longestWaitMs));
  }

  #settle({ cost }: Sent, isUsed: boolean): void {
    this.#requests.settle(1, isUsed);
    this.#tokens.settle(cost.tokens, isUsed);
  }

  #pauseUntil(at: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, at);
  }

  #remember(refused: Crowding | undefined): void {
    this.#recent.push(refused);
    if (this.#recent.length > PATTERN_ANSWERS) this.#recent.shift();
  }
}
