/** What headers say about requests, or about tokens -> when a number of units may be sent. */
import type { Told } from "./limit-headers.ts";
import { smoothed } from "./pace.ts";

/** Slopes of `remaining` over less time than this say more of rounding than of the server. Half and twice as much do as well. */
const SHORTEST_MEASURE_MS = 500;
/** So many requests like it are kept in reserve, if the limit is large enough: others may use it too, and what is told is a little old. */
const RESERVE = 1;

interface Observation {
  remaining: number;
  at: number;
  /** Units used up to here. */
  used: number;
}

export class Quota {
  /** The most that can remain: the header with the limit, else the most seen so far. */
  #limit = 0;
  /** Units sent but not answered. The server may or may not have counted them in what it reports. */
  #inFlight = 0;
  #used = 0;
  #latest: Observation | undefined;
  /** Where the measurement of the refill began. */
  #anchor: Observation | undefined;
  /** Units that the server gives back per millisecond. */
  #refill = 0;
  #resetAt = Number.POSITIVE_INFINITY;

  send(units: number): void {
    this.#inFlight += units;
  }

  /** A request is no longer in flight: `isUsed` unless it was refused. */
  settle(units: number, isUsed: boolean): void {
    this.#inFlight -= units;
    if (isUsed) this.#used += units;
  }

  /** Takes what the answer to a request sent at `sentAt` told. */
  observe(told: Told, sentAt: number, now: number): void {
    const { remaining, isGradual } = told;
    if (remaining === undefined) return;
    this.#setLimit(told.limit ?? Math.max(remaining, this.#limit), told);
    this.#resetAt = now + ((isGradual ? undefined : told.resetMs) ?? Number.POSITIVE_INFINITY);
    if (!this.#latest || sentAt >= this.#latest.at) {
      this.#latest = { remaining, at: now, used: this.#used };
      this.#measure(this.#latest);
    } else {
      // Requests overtake each other: of those in flight together, the lowest `remaining` is the latest one.
      this.#latest.remaining = Math.min(this.#latest.remaining, remaining);
    }
  }

  /** When `units` may be sent, as far as is known; 0 means at once. */
  nextAt(units: number, now: number): number {
    if (!this.#latest || this.#limit <= 0) return 0;
    const withReserve = (1 + RESERVE) * units;
    const needed = Math.min(this.#limit > 2 * withReserve ? withReserve : units, this.#limit);
    const full = this.#latest.remaining + this.#refill * (now - this.#latest.at);
    const left = Math.min(this.#limit, full) - this.#inFlight;
    if (left >= needed) return 0;
    const refilledAt = now + (needed - left) / this.#refill;
    if (this.#inFlight > 0) return refilledAt;
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

  /** Until the refill can be measured, it is derived from the window, or from the time until there is more. */
  #setLimit(limit: number, { remaining = 0, resetMs = 0, windowMs }: Told): void {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#refill = windowMs ? limit / windowMs : resetMs ? (limit - remaining) / resetMs : 0;
    this.#anchor = undefined;
  }

  /** The refill is the change of what remains plus what was used meanwhile. A full quota hides it. */
  #measure(observed: Observation): void {
    const anchor = this.#anchor;
    if (!anchor || this.isFull) {
      this.#anchor = observed;
      return;
    }
    const elapsed = observed.at - anchor.at;
    if (elapsed < SHORTEST_MEASURE_MS) return;
    const refilled = observed.remaining - anchor.remaining + observed.used - anchor.used;
    this.#refill = smoothed(this.#refill, Math.max(0, refilled / elapsed));
    this.#anchor = { ...observed };
  }
}
