/** Accepted and refused requests -> the rate that the server allows, and when the next request is due. No clock, no timer. */

/** What a request counts: one, and its tokens. A server limits either. */
export interface Cost {
  requests: number;
  tokens: number;
}

/** A rate is measured over so many requests: one more or less makes a tenth. */
const MEASURED_REQUESTS = 10;
/** After so many accepted requests a rate is tried that is a seventh higher; then ever faster. */
const PROBE_REQUESTS = 40;
/** The same after so many milliseconds, for a rate at which fewer requests pass. */
const PROBE_MS = 5_000;
/** Up to this share of the time between two requests is added to a pause. */
const SPREAD = 0.2;
/** Nothing was sent for so long though it might have been: the time does not count, in milliseconds. */
const IDLE_MS = 5_000;

/** How much of a measured limit is used: just under all, then more and more. */
export function growth(x: number): number {
  return 0.97 + 0.02 * 8 ** x;
}

export class Pace {
  #unit: keyof Cost = "requests";
  /** Units per millisecond at the last refusal; infinite while none is known. */
  #base = Number.POSITIVE_INFINITY;
  #dueAt = Number.NEGATIVE_INFINITY;
  #lastSent = Number.NEGATIVE_INFINITY;
  /** Units of the last request. */
  #size = 1;
  /** What was accepted since the server had nothing left. */
  #anchor = Number.NEGATIVE_INFINITY;
  #accepted: Cost = { requests: 0, tokens: 0 };
  #acceptedSinceRefusal = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #probe = PROBE_REQUESTS;

  /** Units per millisecond. */
  rate(now: number): number {
    const probeMs = Math.max(PROBE_MS, ((this.#probe / 3) * this.#size) / this.#base);
    return (
      this.#base *
      growth(Math.max(this.#acceptedSinceRefusal / this.#probe, (now - this.#refusedAt) / probeMs))
    );
  }

  /** The same in requests. */
  requestRate(now: number): number {
    return this.rate(now) / this.#size;
  }

  /** When the next request is due. */
  nextAt(): number {
    return this.#dueAt;
  }

  sent(cost: Cost, now: number): void {
    if (now > Math.max(this.#lastSent, this.#dueAt) + IDLE_MS) this.startMeasure(now);
    this.#lastSent = now;
    this.#size = Math.max(1, cost[this.#unit]);
    // What was missed by a late timer is caught up, but no more than one request of it.
    const interval = this.#size / this.rate(now);
    this.#dueAt = Math.max(this.#dueAt, now - interval) + interval;
  }

  accepted(cost: Cost, now: number): void {
    this.#accepted.requests += cost.requests;
    this.#accepted.tokens += cost.tokens;
    this.#acceptedSinceRefusal++;
    // Out of all proportion: nothing has been refused for long.
    if (this.rate(now) > 1_000 * this.#base) this.#base = Number.POSITIVE_INFINITY;
  }

  /** A pattern of refusals begins: from here on it is measured what the server gives. */
  startMeasure(at: number): void {
    this.#anchor = at;
    this.#accepted = { requests: 0, tokens: 0 };
  }

  /** The server had nothing left at `emptyAt`; nothing is sent before `pausedUntil`. */
  refused(unit: keyof Cost, emptyAt: number, pausedUntil: number, now: number): void {
    const rate = this.rate(now);
    this.#unit = unit;
    const { requests } = this.#accepted;
    // Where nothing came through, waiting longer helps, and going slower does not.
    if (this.#acceptedSinceRefusal > 0) {
      const measured = Math.max(this.#accepted[unit], this.#size / 2) / Math.max(1, emptyAt - this.#anchor);
      this.#base = Math.max(Math.min(measured, rate), rate === Number.POSITIVE_INFINITY ? 0 : rate / 2);
      this.#probe = Math.min(PROBE_REQUESTS, 8 * Math.max(1, requests));
      if (requests >= MEASURED_REQUESTS) this.startMeasure(emptyAt);
      this.#acceptedSinceRefusal = 0;
      this.#refusedAt = pausedUntil;
    }
    // Clients that share a limit hear the same wait: they must not come back together.
    const spread = Number.isFinite(this.#base) ? (SPREAD * Math.random() * this.#size) / this.#base : 0;
    this.#dueAt = Math.max(this.#dueAt, pausedUntil + spread);
  }
}
