/** Accepted and refused requests -> the rate that the server allows, and when the next request is due. No clock, no timer. */

/** What a request counts: one, and its tokens. A server limits either. */
export interface Cost {
  requests: number;
  tokens: number;
}

/** How much of a measured limit is used: at first just less than all of it (`USED` and `PROBE` together) … */
const USED = 0.97;
const PROBE = 0.02;
/** … then more and more: the probe is multiplied by this after each `PROBE_REQUESTS` that are accepted, or `PROBE_MS`. */
const PROBE_GROWTH = 8;
const PROBE_REQUESTS = 60;
const PROBE_MS = 5_000;
/**
 * A rate is measured over this many requests, so that one more or less changes it by an eighth. A limit that was measured over
 * fewer, or for less time, is probed after as many times what it was measured over.
 */
const MEASURED_REQUESTS = 8;
/** When requests are slow, `PROBE_MS` is the time of this many of the `PROBE_REQUESTS`. */
const PROBE_SLOW_SHARE = 1 / 3;
/** If refused requests are this many times as large as accepted ones, tokens are limited and not requests. */
const LARGER_REFUSED = 1.5;
/** The weight of the latest value in a mean. */
const LATEST_SHARE = 0.2;
/** Up to this share of the time between two requests is added to a pause, because clients that share a limit get the same wait. */
const SPREAD = 0.1;

export class Pace {
  #unit: keyof Cost = "requests";
  /** Units per millisecond at the last refusal; infinite while none is known. */
  #base = Number.POSITIVE_INFINITY;
  #dueAt = Number.NEGATIVE_INFINITY;
  #lastSent = Number.NEGATIVE_INFINITY;
  /** The units of the last request. */
  #size = 1;
  /** The units accepted since the server had nothing left. */
  #anchor = Number.NEGATIVE_INFINITY;
  #accepted: Cost = { requests: 0, tokens: 0 };
  #acceptedSinceRefusal = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #measuredMs = Number.POSITIVE_INFINITY;
  #probeRequests = PROBE_REQUESTS;
  /** Tokens of a request, smoothed. */
  #acceptedTokens = 0;
  #refusedTokens = 0;
  /** The server accepted more than one request at once, so for a while it may accept more than its limit. */
  #hasBurst = true;
  /** The rate of the last two requests that were accepted in a row. Without a burst the limit cannot be lower. */
  #proven = 0;
  #lastAcceptedSent = Number.POSITIVE_INFINITY;
  /** The share of requests, smoothed, that was refused at a lower rate than the server had accepted: the rate was not the reason. */
  strayShare = 0;

  /** Units per millisecond. */
  rate(now: number): number {
    const slowMs = (this.#probeRequests * PROBE_SLOW_SHARE * this.#size) / this.#base;
    const probed = Math.max(
      this.#acceptedSinceRefusal / this.#probeRequests,
      (now - this.#refusedAt) / Math.min(Math.max(PROBE_MS, slowMs), MEASURED_REQUESTS * this.#measuredMs),
    );
    return this.#base * grown(probed);
  }

  /** The same in requests per millisecond. */
  requestRate(now: number): number {
    return this.rate(now) / this.#size;
  }

  /** When the next request is due. */
  nextAt(): number {
    return this.#dueAt;
  }

  sent(cost: Cost, now: number): void {
    // If nothing was sent for so long although it could have been, the time does not count.
    if (now > Math.max(this.#lastSent, this.#dueAt) + PROBE_MS) this.startMeasure(now);
    this.#lastSent = now;
    this.#size = Math.max(1, cost[this.#unit]);
    // If a timer was late, at most one request is caught up.
    const interval = this.#size / this.rate(now);
    this.#dueAt = Math.max(this.#dueAt, now - interval) + interval;
  }

  accepted(cost: Cost, sentAt: number, now: number): void {
    this.#accepted.requests += cost.requests;
    this.#accepted.tokens += cost.tokens;
    this.#acceptedSinceRefusal++;
    this.#learnStray(0, sentAt, now);
    this.#acceptedTokens = smoothed(this.#acceptedTokens, cost.tokens);
    if (sentAt > this.#lastAcceptedSent) this.#proven = cost[this.#unit] / (sentAt - this.#lastAcceptedSent);
    this.#lastAcceptedSent = sentAt;
    // Far above what is used: nothing has been refused for long.
    if (this.rate(now) > 1_000 * this.#base) this.forget(this.#unit);
  }

  /** The server has more than enough of this unit. */
  forget(unit: keyof Cost): void {
    if (unit === this.#unit) this.#base = Number.POSITIVE_INFINITY;
  }

  /** A pattern of refusals begins: from now on, measure what the server accepts. */
  startMeasure(at: number): void {
    if (this.#base === Number.POSITIVE_INFINITY) this.#hasBurst = this.#accepted.requests > 1;
    this.#anchor = at;
    this.#accepted = { requests: 0, tokens: 0 };
  }

  /** A request was refused because of the limit. */
  tooMany({ tokens }: Cost, sentAt: number, now: number): void {
    // Several in a row say that the server has nothing left.
    if (Number.isFinite(this.#lastAcceptedSent)) this.#learnStray(1, sentAt, now);
    this.#refusedTokens = smoothed(this.#refusedTokens, tokens);
    this.#lastAcceptedSent = Number.POSITIVE_INFINITY;
  }

  /** The server had nothing left at `emptyAt`; nothing is sent before `pausedUntil`. */
  refused(ofTokens: boolean, emptyAt: number, pausedUntil: number, now: number): void {
    const { requests } = this.#accepted;
    // If nothing was accepted, waiting longer helps, but a lower rate does not.
    if (requests > 0 && this.#acceptedSinceRefusal > 0) {
      this.#choose(
        ofTokens || this.#refusedTokens > LARGER_REFUSED * this.#acceptedTokens ? "tokens" : "requests",
      );
      const rate = this.rate(now);
      this.#measuredMs = Math.max(1, emptyAt - this.#anchor);
      const measured = this.#measured(rate);
      // A measured rate may be wrong, so one refusal lowers the rate by half at most.
      this.#base = Math.max(Math.min(measured, rate), rate === Number.POSITIVE_INFINITY ? 0 : rate / 2);
      this.#probeRequests = Math.min(PROBE_REQUESTS, MEASURED_REQUESTS * requests);
      if (requests >= MEASURED_REQUESTS) this.startMeasure(emptyAt);
      this.#acceptedSinceRefusal = 0;
      this.#refusedAt = pausedUntil;
    }
    const spread = (SPREAD * Math.random() * this.#size) / this.#base;
    // A refused request has used nothing.
    this.#dueAt = pausedUntil + spread;
  }

  /** Without a burst the measured rate may be above the limit, so that it tells nothing here. */
  #learnStray(refused: 0 | 1, sentAt: number, now: number): void {
    if (!this.#hasBurst || sentAt < this.#refusedAt || this.rate(now) >= this.#base) return;
    this.strayShare += LATEST_SHARE * (refused - this.strayShare);
  }

  #choose(unit: keyof Cost): void {
    const units = this.#accepted[unit];
    if (unit === this.#unit || units === 0) return;
    this.#base *= units / this.#accepted[this.#unit];
    this.#size = units / this.#accepted.requests;
    this.#unit = unit;
  }

  /**
   * The rate accepted since the server had nothing left. Without a burst it may be below the limit, which then lies between
   * an accepted rate and a refused one.
   */
  #measured(rate: number): number {
    const mean = this.#accepted[this.#unit] / this.#measuredMs;
    if (this.#hasBurst) return mean;
    // Half of the next request counts too, which matters when few were accepted.
    if (rate === Number.POSITIVE_INFINITY) return mean + this.#size / 2 / this.#measuredMs;
    const middle = (this.#proven + rate) / 2;
    // The old value may be out of date, until two requests in a row are accepted again.
    this.#proven = (this.#proven + mean) / 2;
    return Math.max(mean, USED * middle);
  }
}

/** How much of a measured limit is used after `probed` times the requests, or the time, of a probe. */
export function grown(probed: number): number {
  return USED + PROBE * PROBE_GROWTH ** probed;
}

/** The mean with one more value. The first value is the mean. */
export function smoothed(mean: number, latest: number): number {
  return mean + (mean ? LATEST_SHARE : 1) * (latest - mean);
}
