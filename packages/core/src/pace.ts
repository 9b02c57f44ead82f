/** What was accepted and what was refused -> the rate that the server allows, and when the next request is due. */

/** What a request counts: one, and its tokens. A server limits either. */
export interface Cost {
  requests: number;
  tokens: number;
}

/** Refusals among the last answers that make a pattern: one stray 429 must not slow a client down. */
const PATTERN_REFUSALS = 3;
const PATTERN_ANSWERS = 20;
/** The pause after a first pattern of refusals that state no wait. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** A rate is kept for about this many requests, within these bounds, before it is raised. */
const SETTLE_REQUESTS = 4;
const SHORTEST_SETTLE_MS = 1_000;
const LONGEST_SETTLE_MS = 1_500;
/** A rate measured over less than this, or over fewer requests, is noise. */
const SHORTEST_MEASURE_MS = 300;
const FEWEST_MEASURED = 3;
/** After this long a measurement begins anew, so that a changed limit shows. */
const LONGEST_MEASURE_MS = 2_000;

export class Pace {
  #unit: keyof Cost = "requests";
  /** Units per millisecond at the last change; infinite while no pattern of refusals was seen. */
  #base = Number.POSITIVE_INFINITY;
  #changedAt = Number.NEGATIVE_INFINITY;
  #dueAt = 0;
  #pauseMs = FIRST_PAUSE_MS;
  /** The last answers, oldest first: true for a refusal. */
  #recent: boolean[] = [];
  /** Accepted units count from here: from when the server last had nothing left to give, else from a send of late. */
  #anchor = Number.NEGATIVE_INFINITY;
  #accepted: Cost = { requests: 0, tokens: 0 };
  /** The window before, while nothing limits: a measurement may be wanted just when a new one has begun. */
  #before: { anchor: number; accepted: Cost } | undefined;
  #acceptedSinceChange = 0;
  #last = { sentAt: Number.NEGATIVE_INFINITY, tokens: 1 };

  /** Units per millisecond now: just under what was measured at first, then faster and faster, to find a limit that rose. */
  rate(now: number): number {
    if (this.#base === Number.POSITIVE_INFINITY) return this.#base;
    const settleMs = Math.min(
      Math.max(SHORTEST_SETTLE_MS, SETTLE_REQUESTS * (this.#size() / this.#base)),
      LONGEST_SETTLE_MS,
    );
    const rate = this.#base * (0.97 + 0.02 * 8 ** ((now - this.#changedAt) / settleMs));
    // Out of all proportion: nothing has been refused for long.
    if (rate > this.#base * 1_000) this.#base = Number.POSITIVE_INFINITY;
    return rate;
  }

  /** The same in requests. */
  requestRate(now: number): number {
    return this.rate(now) / this.#size();
  }

  /** When the next request is due. */
  nextAt(): number {
    return this.#dueAt;
  }

  sent(cost: Cost, now: number): void {
    if (this.rate(now) === Number.POSITIVE_INFINITY) this.#rotate(now);
    this.#last = { sentAt: now, tokens: Math.max(1, cost.tokens) };
    // What was missed by a late timer is caught up, but no more than one request of it.
    const interval = cost[this.#unit] / this.rate(now);
    this.#dueAt = Math.max(this.#dueAt, now - interval) + interval;
  }

  accepted(cost: Cost): void {
    this.#remember(false);
    this.#accepted.requests += cost.requests;
    this.#accepted.tokens += cost.tokens;
    this.#acceptedSinceChange++;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  /**
   * Learns from a 429; `statedMs` is the wait it stated.
   * @returns for how long nothing should be sent, and whether the rate was lowered
   */
  refused(sentAt: number, now: number, ofTokens: boolean, statedMs: number | undefined) {
    this.#remember(true);
    const isLimited = this.#base < Number.POSITIVE_INFINITY;
    const isPattern = isLimited || this.#recent.filter(Boolean).length >= PATTERN_REFUSALS;
    // Sent before the last change: it is part of what caused it.
    if (!isPattern || sentAt < this.#changedAt) return { pauseMs: statedMs ?? 0, isSlower: false };
    this.#unit = ofTokens ? "tokens" : "requests";
    const pauseMs = statedMs ?? this.#ownPause(isLimited, now);
    // When a wait is stated the server has something to give at its end; else it had nothing when it refused.
    this.#adapt(statedMs !== undefined || !isLimited ? now + pauseMs : sentAt, now, isLimited, pauseMs);
    // Clients that share a limit hear the same wait: they must not come back together.
    this.#dueAt = now + pauseMs + (Math.random() * this.#size()) / this.rate(now);
    return { pauseMs, isSlower: true };
  }

  #adapt(measuredUntil: number, now: number, isLimited: boolean, pauseMs: number): void {
    const rate = this.rate(now);
    const { elapsed, measured, isNoise } = this.#measure(measuredUntil);
    // One request for each pause is the least: a client that was refused from its first request on must go on.
    if (!isLimited) this.#base = Math.max(isNoise ? 0.5 * measured : measured, this.#size() / pauseMs);
    // Where nothing came through at all, waiting longer helps, and going slower does not.
    else if (this.#acceptedSinceChange === 0) this.#base = rate;
    else this.#base = Math.max(rate / 2, Math.min(isNoise ? 0.7 * rate : 0.98 * measured, 0.93 * rate));
    if (!isLimited || (elapsed > LONGEST_MEASURE_MS && !isNoise)) this.#startMeasure(measuredUntil);
    // A long wait tells nothing of the server: the rate that it ends with is the one that was measured.
    this.#changedAt = now + Math.max(0, pauseMs - FIRST_PAUSE_MS);
    this.#acceptedSinceChange = 0;
  }

  /** Units accepted per millisecond since the measurement began. */
  #measure(until: number) {
    const { anchor, accepted } = this.#before ?? {
      anchor: this.#anchor,
      accepted: { requests: 0, tokens: 0 },
    };
    const elapsed = until - anchor;
    const requests = accepted.requests + this.#accepted.requests;
    return {
      elapsed,
      measured: (accepted[this.#unit] + this.#accepted[this.#unit]) / elapsed,
      isNoise: elapsed < SHORTEST_MEASURE_MS || requests < FEWEST_MEASURED,
    };
  }

  #startMeasure(anchor: number): void {
    this.#before = undefined;
    this.#anchor = anchor;
    this.#accepted = { requests: 0, tokens: 0 };
  }

  /** While nothing limits, the last seconds are what a first refusal is measured by; idle time is not. */
  #rotate(now: number): void {
    if (now - this.#last.sentAt > LONGEST_MEASURE_MS) {
      this.#startMeasure(now);
    } else if (now - this.#anchor > LONGEST_MEASURE_MS) {
      const before = { anchor: this.#anchor, accepted: this.#accepted };
      this.#startMeasure(now);
      this.#before = before;
    }
  }

  /** Longer and longer while nothing is accepted; else until the server has something to give again. */
  #ownPause(isLimited: boolean, now: number): number {
    if (isLimited && this.#acceptedSinceChange > 0) {
      return Math.min(FIRST_PAUSE_MS, (1.5 * this.#size()) / this.rate(now));
    }
    const pauseMs = this.#pauseMs * (0.75 + 0.5 * Math.random());
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    return pauseMs;
  }

  /** Units of a usual request. */
  #size(): number {
    return this.#unit === "requests" ? 1 : this.#last.tokens;
  }

  #remember(refusal: boolean): void {
    this.#recent.push(refusal);
    if (this.#recent.length > PATTERN_ANSWERS) this.#recent.shift();
  }
}
