/**
 * What the answers of one model say about its limits -> how many of its requests may be in flight, and when the next is due.
 *
 * | answer                                    | what follows for the model                                                |
 * | ----------------------------------------- | ------------------------------------------------------------------------- |
 * | accepted                                  | it is counted; limits in its headers are kept                             |
 * | one 429                                   | its stated wait pauses all                                                |
 * | one 503, timeout, broken connection       | nothing: only that request waits                                          |
 * | four requests refused among 20 answers    | a pattern: from then on, the next four rows apply                         |
 * | … 429s that take as long as answers       | two at a time, then more; the rate is measured and not exceeded           |
 * | … refusals much quicker than answers      | as many at a time as it accepted meanwhile                                |
 * | … 429s as often at a lower rate           | nothing: the rate is not the reason                                       |
 * | … and nothing is accepted                 | one request at a time is tried, after 0.5 s, then doubled up to 4 s        |
 * | nothing accepted for `maxRetryWaitMs`     | all waiting requests end: `outage.ts`                                     |
 * | none remaining, and a reset               | a pause until then                                                        |
 */
import { type Crowding, LastAnswers, PATTERN_ANSWERS, PATTERN_REQUESTS } from "./last-answers.ts";
import { readLimits } from "./limit-headers.ts";
import type { Refused } from "./outage.ts";
import { type Cost, grown, Pace, smoothed } from "./pace.ts";
import { Quota } from "./quota.ts";

/** An answer that says: not now. */
export interface Refusal {
  /** Whether it is a 429. Any other failure may concern only this request. */
  isLimit: boolean;
  /** The wait that the server asked for, in milliseconds; 0 for none. */
  statedMs: number;
  /** Whether there were too many tokens, and not too many requests. */
  ofTokens: boolean;
  headers?: Headers | undefined;
  error: Refused;
}

/** Whom a failure concerns: only this request, all requests of the model, or all of them while none is accepted. */
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

/** The pause after a refusal without a stated wait, in milliseconds. While nothing is accepted, it is doubled, three times at most. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8 * FIRST_PAUSE_MS;
/** After a 429 without a wait, while others are accepted: pause for this share of the time between two requests. Half of it does as well. */
const EMPTY_INTERVALS = 0.35;
/** A refusal within this share of the time of an answer means that the server is full. */
const QUICK_SHARE = 0.5;
/** When a server accepts only a number at a time, one more is tried after this many answers, as each trial may cost a pause. */
const CROWD_PROBE_REQUESTS = 80;

export class ModelLimit {
  readonly #ceiling: number;
  readonly #longestWaitMs: number;
  /** A pattern of refusals was seen. */
  #isSlowed = false;
  #concurrency: number;
  /** `#concurrency` before the last change. */
  #before: number;
  /** The refusals that caused the last change, and those since. */
  #refusals: Crowding[] = [];
  #changedAt = Number.NEGATIVE_INFINITY;
  #acceptedSinceChange = 0;
  #wasLimit = false;
  /** The server refuses requests beyond `#concurrency`. */
  #isFull = false;
  #pauseMs = FIRST_PAUSE_MS;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** Milliseconds from sending to the answer, smoothed. */
  #latencyMs = 0;
  /** True tokens for each estimated token, smoothed. */
  #tokenRatio = 1;
  readonly #answers = new LastAnswers();
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
    // While nothing is accepted, one request at a time tries the server.
    if (this.#acceptedSinceChange === 0) return 1;
    const accepted = this.#acceptedSinceChange;
    const needed = this.#pace.requestRate(now) * this.#latencyMs;
    const forRate = Number.isFinite(needed) ? Math.ceil(needed) : 0;
    const target = !this.#wasLimit
      ? this.#concurrency + accepted / this.#concurrency
      : this.#isFull
        ? this.#concurrency * Math.max(1, grown(accepted / CROWD_PROBE_REQUESTS))
        : 2 + accepted / PATTERN_REQUESTS;
    return Math.min(this.#ceiling, Math.max(Math.floor(target), forRate + (this.#isFull ? 0 : 1)));
  }

  /** Learns from an answer that reports the true number of tokens. */
  learnTokens(estimated: number, actual: number): void {
    if (estimated > 0 && actual > 0) this.#tokenRatio = smoothed(this.#tokenRatio, actual / estimated);
  }

  /** When a request with this many estimated tokens may start, as far as is known. A time in the past means at once. */
  dueAt(estimatedTokens: number, now: number): number {
    const tokens = estimatedTokens * this.#tokenRatio;
    return Math.max(
      this.#pausedUntil,
      // After a pause, requests start one after the other and not in a burst.
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
    this.#settle(sent);
    this.#latencyMs = smoothed(this.#latencyMs, now - sent.at);
    this.#answers.add(undefined);
    this.#acceptedSinceChange++;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#pace.accepted(sent.cost, sent.at, now);
    const isFree = this.#acceptedSinceChange > PATTERN_ANSWERS && this.concurrency(now) >= this.#ceiling;
    if (isFree && this.#pace.rate(now) === Number.POSITIVE_INFINITY) this.#isSlowed = false;
    this.#observe(sent, headers, now);
  }

  /** Returns whom the failure concerns. */
  refused(sent: Sent, refusal: Refusal, left: number, now: number): Trouble {
    this.#settle(sent);
    if (refusal.headers) this.#observe(sent, refusal.headers, now);
    const isQuick = this.#latencyMs === 0 || now - sent.at < QUICK_SHARE * this.#latencyMs;
    const refused = { request: sent.request, left, isQuick };
    this.#answers.add(refused);
    const { isLimit, statedMs } = refusal;
    if (isLimit && statedMs) this.#pauseUntil(now + statedMs);
    if (isLimit) this.#pace.tooMany(sent.cost, sent.at, now);
    const isPattern = this.#isSlowed || this.#answers.isPattern;
    const isUsual = isLimit && !this.#isFull && this.#answers.isUsual(this.#pace.strayShare);
    if (isPattern && !isUsual) {
      if (!this.#isSlowed || sent.at >= this.#changedAt) this.#change(refusal, sent, now);
      this.#refusals.push(refused);
      this.#learnTaken();
    }
    return isPattern ? "shared" : "own";
  }

  /** Any other end, which says nothing about limits. */
  failed(sent: Sent): void {
    this.#settle(sent);
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
    this.#refusals = this.#isSlowed ? [] : this.#answers.refused();
    this.#isSlowed = true;
    this.#wasLimit = isLimit;
    this.#changedAt = now;
    this.#acceptedSinceChange = 0;
  }

  /**
   * How many requests at a time the server accepts. A full server refuses at once, so the requests still in flight at that
   * moment are the ones it accepted. A refusal that takes as long as an answer, or comes while nothing is accepted, tells nothing.
   */
  #learnTaken(): void {
    const taken = Math.min(...this.#refusals.map(({ left }) => left));
    this.#isFull = taken >= 1 && this.#refusals.every(({ isQuick }) => isQuick);
    this.#concurrency = this.#isFull ? Math.min(this.#before, taken) : this.#before;
  }

  /** Doubled while nothing is accepted; else until the server should have something left again. */
  #ownPause(isLimit: boolean, isClosed: boolean, now: number): number {
    if (!isClosed && !isLimit) return 0;
    const untilNext = EMPTY_INTERVALS / this.#pace.requestRate(now);
    if (!isClosed && untilNext > 0) return Math.min(FIRST_PAUSE_MS, untilNext);
    // At random between half and all of it, so that clients do not come back at the same moment.
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

  #settle({ cost }: Sent): void {
    this.#requests.settle(1);
    this.#tokens.settle(cost.tokens);
  }

  #pauseUntil(at: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, at);
  }
}
