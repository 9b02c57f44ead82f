/** What headers say about requests, or about tokens -> when a number of units may be sent. */
import type { Told } from "./limit-headers.ts";

/** So many requests like it are kept in reserve, if the limit is large enough: others may use it too, and what is told is a little old. Twice as many do as well. */
const RESERVE = 1;

export class Quota {
  /** The most that can remain. */
  #limit = Number.POSITIVE_INFINITY;
  /** Units sent but not answered. The server may or may not have counted them in what it reports. */
  #inFlight = 0;
  #latest: { remaining: number; at: number } | undefined;
  /** Units that the server gives back per millisecond. */
  #refill = 0;
  #resetAt = Number.POSITIVE_INFINITY;

  send(units: number): void {
    this.#inFlight += units;
  }

  /** A request is no longer in flight. */
  settle(units: number): void {
    this.#inFlight -= units;
  }

  /** Takes what the answer to a request sent at `sentAt` told. */
  observe(told: Told, sentAt: number, now: number): void {
    const { remaining, isGradual } = told;
    if (remaining === undefined) return;
    this.#setLimit(told);
    this.#resetAt = now + ((isGradual ? undefined : told.resetMs) ?? Number.POSITIVE_INFINITY);
    if (!this.#latest || sentAt >= this.#latest.at) {
      this.#latest = { remaining, at: now };
    } else {
      // Requests overtake each other: of those in flight together, the lowest `remaining` is the latest one.
      this.#latest.remaining = Math.min(this.#latest.remaining, remaining);
    }
  }

  /** When `units` may be sent, as far as is known; 0 means at once. */
  nextAt(units: number, now: number): number {
    if (!this.#latest || this.#limit === 0) return 0;
    const withReserve = (1 + RESERVE) * units;
    const needed = Math.min(this.#limit > 2 * withReserve ? withReserve : units, this.#limit);
    const full = this.#latest.remaining + this.#refill * (now - this.#latest.at);
    const left = Math.min(this.#limit, full) - this.#inFlight;
    if (left >= needed) return 0;
    const refilledAt = now + (needed - left) / this.#refill;
    // Sums of fractions leave a little more or less than nothing.
    if (this.#inFlight >= 1) return refilledAt;
    // If nothing tells when there is more, one request at a time asks.
    if (this.#refill === 0 && this.#resetAt === Number.POSITIVE_INFINITY) return 0;
    return Math.min(refilledAt, Math.max(this.#resetAt, now));
  }

  /** Whether the quota is full. */
  get isFull(): boolean {
    return this.#limit > 0 && (this.#latest?.remaining ?? 0) >= this.#limit - 1;
  }

  /** The reset of a server that reports nothing left; in the past if something is left, or if no reset was reported. */
  emptyUntil(): number {
    const isEmpty = this.#latest && this.#latest.remaining < 1 && Number.isFinite(this.#resetAt);
    return isEmpty ? this.#resetAt : Number.NEGATIVE_INFINITY;
  }

  /** The refill is the limit in its window, or what is missing in the time until it is back. */
  #setLimit({ limit, remaining = 0, resetMs = 0, windowMs }: Told): void {
    // While all of it is left, an answer may not tell how quickly it comes back.
    if (limit === undefined || (limit === this.#limit && this.#refill > 0)) return;
    this.#limit = limit;
    this.#refill = windowMs ? limit / windowMs : resetMs ? (limit - remaining) / resetMs : 0;
  }
}
