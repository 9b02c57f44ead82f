/** Requests of many calls and models -> when each may start: one ceiling for all, limits for each model, and calls take turns. */
import { onAbort, sleep } from "./abort.ts";
import { ModelLimit, type Refusal, type Sent, type Trouble } from "./model-limit.ts";
import { Outage, type Refused } from "./outage.ts";
import { mayShare } from "./platform.ts";
import { type Ask, Turns, type Waiter } from "./turns.ts";

export interface LimiterOptions {
  /** The most requests in flight, over all models. */
  maxConcurrency: number;
  /** How often a request may be repeated: an outage ends no call before the server was asked as often. */
  maxRetries: number;
  /** The longest wait, in milliseconds, that a server's headers or an outage can cause. */
  maxRetryWaitMs: number;
  /** How long one attempt may take, in milliseconds. */
  timeoutMs: number;
}

/** Permission to send one request. Exactly one of these ends it. */
export interface Permit {
  succeed(headers: Headers): void;
  /** The request was refused, or got no answer. Returns whose trouble it is, or the error that ends it and all waiting requests. */
  refuse(refusal: Refusal): Trouble | Refused;
  /** Any other end, which says nothing about limits. */
  fail(): void;
}

/** After a new call has come, the other calls leave one place free for the next new call, for this many milliseconds. */
const RESERVED_MS = 5_000;
/** With fewer places than this, none is left free. */
const RESERVED_FROM = 8;
/** How many models are remembered while they are idle. */
const KEPT_MODELS = 100;
/** A permit ends by itself this long after `timeoutMs`, in milliseconds: a host may freeze or drop the function that holds it. */
const LEASE_SLACK_MS = 1_000;
/** Milliseconds between two tries of a waiting request where no request may wake another. */
const POLL_MS = 10;

interface Model {
  limit: ModelLimit;
  outage: Outage;
  turns: Turns;
  inFlight: number;
}

interface Lease {
  until: number;
  end: () => void;
}

export class Limiter {
  readonly #options: LimiterOptions;
  /** The least recently used first. */
  readonly #models = new Map<string, Model>();
  /** Models with waiting requests, the one whose turn is next first. */
  readonly #waiting = new Set<Model>();
  /** Requests in flight, the oldest first. */
  readonly #leases = new Set<Lease>();
  /** The number of requests in flight, for each call that has any. */
  readonly #inFlight = new Map<object, number>();
  /** New calls go first, but never twice in a row: otherwise many short calls would starve a long one. */
  #lastWasNew = false;
  #reservedUntil = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LimiterOptions) {
    this.#options = options;
  }

  /** Resolves when the request may start. @throws the signal's reason */
  async acquire(ask: Ask, signal: AbortSignal): Promise<Permit> {
    signal.throwIfAborted();
    const model = this.#model(ask.model);
    return mayShare() ? this.#wait(model, ask, signal) : this.#poll(model, ask, signal);
  }

  /** Learns from an answer that reports the true number of tokens. */
  learnTokens(model: string, estimated: number, actual: number): void {
    this.#models.get(model)?.limit.learnTokens(estimated, actual);
  }

  #wait(model: Model, ask: Ask, signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        stopListening();
        if (!model.turns.remove(waiter)) this.#waiting.delete(model);
      };
      const waiter: Waiter = {
        ask,
        start: () => {
          leave();
          resolve(this.#permit(model, ask));
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      const stopListening = onAbort(signal, () => {
        waiter.reject(signal.reason);
        this.#startDue();
      });
      model.turns.add(waiter, !this.#inFlight.has(ask.call));
      this.#waiting.add(model);
      this.#startDue();
    });
  }

  /**
   * In Cloudflare Workers a request must not wait for something that another request made. So each waits with timers of its
   * own, and takes a free place when it finds one. Turns are not kept.
   */
  async #poll(model: Model, ask: Ask, signal: AbortSignal): Promise<Permit> {
    const since = performance.now();
    for (;;) {
      const end = model.outage.endOf(since);
      if (end) throw end;
      const now = performance.now();
      this.#endLeases(now);
      const hasRoom = this.#leases.size < this.#options.maxConcurrency;
      const waitMs = Math.max(hasRoom ? 0 : 1, this.#waitMs(model, ask, now));
      if (waitMs <= 0) return this.#permit(model, ask);
      await sleep(Number.isFinite(waitMs) ? Math.max(POLL_MS, waitMs) : POLL_MS, signal);
    }
  }

  #endLeases(now: number): void {
    for (const lease of this.#leases) {
      if (lease.until > now) return;
      lease.end();
    }
  }

  #waitMs({ limit, inFlight }: Model, { tokens }: Ask, now: number): number {
    return inFlight < limit.concurrency(now) ? limit.dueAt(tokens, now) - now : Number.POSITIVE_INFINITY;
  }

  /** Starts every waiter that is due, and sets a timer for the next. */
  #startDue(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = performance.now();
    while (this.#leases.size < this.#options.maxConcurrency) {
      const next = this.#next(now);
      if (typeof next === "number") {
        if (Number.isFinite(next)) this.#timer = setTimeout(() => this.#startDue(), Math.ceil(next));
        return;
      }
      const { model, waiter } = next;
      this.#lastWasNew = model.turns.pass(waiter.ask.call);
      if (this.#lastWasNew && this.#inFlight.size > 0) this.#reservedUntil = now + RESERVED_MS;
      this.#waiting.delete(model);
      this.#waiting.add(model);
      waiter.start();
    }
  }

  /** The next request among those that are due, or the milliseconds until one is due. */
  #next(now: number): { model: Model; waiter: Waiter } | number {
    let first: { model: Model; waiter: Waiter } | undefined;
    let earliestMs = Number.POSITIVE_INFINITY;
    const { maxConcurrency } = this.#options;
    const isReserved =
      now < this.#reservedUntil && maxConcurrency >= RESERVED_FROM && this.#leases.size >= maxConcurrency - 1;
    for (const model of this.#waiting) {
      const waiter = model.turns.next(isReserved || !this.#lastWasNew);
      if (!waiter || (isReserved && !model.turns.hasNewcomer)) continue;
      const waitMs = this.#waitMs(model, waiter.ask, now);
      earliestMs = Math.min(earliestMs, waitMs);
      if (waitMs > 0) continue;
      first ??= { model, waiter };
      if (this.#lastWasNew || model.turns.hasNewcomer) return { model, waiter };
    }
    return first ?? earliestMs;
  }

  #permit(model: Model, { request, call, tokens }: Ask): Permit {
    const sentAt = performance.now();
    const { limit, outage } = model;
    model.inFlight++;
    this.#count(call, 1);
    const sent = limit.sent(request, tokens, model.inFlight, sentAt);
    const end = <Result>(learn: (now: number) => Result): Result | undefined => {
      // The lease may have expired before.
      if (!this.#leases.delete(lease)) return;
      model.inFlight--;
      this.#count(call, -1);
      const learned = learn(performance.now());
      if (mayShare()) this.#startDue();
      return learned;
    };
    const permit: Permit = {
      succeed: (headers) =>
        end((now) => {
          outage.accepted();
          limit.accepted(sent, headers, now);
        }),
      refuse: (refusal) => end((now) => this.#refused(model, sent, refusal, now)) ?? "own",
      fail: () => end(() => limit.failed(sent)),
    };
    const lease: Lease = { until: sentAt + this.#options.timeoutMs + LEASE_SLACK_MS, end: permit.fail };
    this.#leases.add(lease);
    return permit;
  }

  #count(call: object, change: 1 | -1): void {
    const inFlight = (this.#inFlight.get(call) ?? 0) + change;
    if (inFlight > 0) this.#inFlight.set(call, inFlight);
    else this.#inFlight.delete(call);
  }

  /** Who waits for a server that has accepted nothing for too long is told the same as the one that asked it last. */
  #refused({ limit, outage, turns, inFlight }: Model, sent: Sent, refusal: Refusal, now: number) {
    const trouble = limit.refused(sent, refusal, inFlight, now);
    if (trouble === "own") return trouble;
    const end = outage.refused(refusal.error, sent.at, now);
    if (!end) return outage.isOn ? "outage" : trouble;
    for (const waiter of turns.all()) waiter.reject(end);
    return end;
  }

  #model(name: string): Model {
    const { maxConcurrency, maxRetries, maxRetryWaitMs } = this.#options;
    const model = this.#models.get(name) ?? {
      limit: new ModelLimit(maxConcurrency, maxRetryWaitMs),
      outage: new Outage(maxRetries, maxRetryWaitMs),
      turns: new Turns(),
      inFlight: 0,
    };
    this.#models.delete(name);
    this.#models.set(name, model);
    if (this.#models.size > KEPT_MODELS) this.#forgetOne();
    return model;
  }

  #forgetOne(): void {
    for (const [name, model] of this.#models) {
      if (model.inFlight > 0 || this.#waiting.has(model)) continue;
      this.#models.delete(name);
      return;
    }
  }
}
