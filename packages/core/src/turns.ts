/** Waiting requests, each with its call -> the one whose turn it is. */

/** A request that waits for permission to start. */
export interface Waiter {
  ask: Ask;
  start: () => void;
  reject: (error: unknown) => void;
}

/** What a request says about itself when it asks for permission to start. */
export interface Ask {
  model: string;
  /** The identity of the request through all its attempts. */
  request: object;
  /** The identity of the caller's call: calls take turns. */
  call: object;
  /** An estimate. */
  tokens: number;
  /** Whether it repeats a failed attempt. */
  isRetry: boolean;
}

/** The waiting requests of one call, the oldest first. */
interface Line {
  retries: Set<Waiter>;
  others: Set<Waiter>;
}

/** Calls take turns, one request each; within a call, repeated requests go first. */
export class Turns {
  /** In the order of their turns: when a request starts, its call goes to the end. */
  readonly #lines = new Map<object, Line>();
  /** New calls, which have nothing in flight and have not had a turn yet, the oldest first. */
  readonly #newcomers = new Set<object>();

  /** Whether a new call waits. */
  get hasNewcomer(): boolean {
    return this.#newcomers.size > 0;
  }

  add(waiter: Waiter, isNewcomer: boolean): void {
    const { call, isRetry } = waiter.ask;
    let line = this.#lines.get(call);
    if (!line) {
      line = { retries: new Set(), others: new Set() };
      this.#lines.set(call, line);
      if (isNewcomer) this.#newcomers.add(call);
    }
    (isRetry ? line.retries : line.others).add(waiter);
  }

  /** The next request: that of a new call, if new calls are preferred and there is one. */
  next(prefersNewcomers: boolean): Waiter | undefined {
    const [newcomer] = prefersNewcomers ? this.#newcomers : [];
    const [first] = this.#lines.keys();
    const line = this.#lines.get(newcomer ?? first ?? this);
    const [waiter] = line?.retries.size ? line.retries : (line?.others ?? []);
    return waiter;
  }

  /** A request of the call starts, so the next turn belongs to another call. Returns whether the call was new. */
  pass(call: object): boolean {
    const line = this.#lines.get(call);
    this.#lines.delete(call);
    if (line) this.#lines.set(call, line);
    return this.#newcomers.delete(call);
  }

  /** All that wait. */
  all(): Waiter[] {
    return [...this.#lines.values()].flatMap(({ retries, others }) => [...retries, ...others]);
  }

  /** Returns whether any request still waits. */
  remove(waiter: Waiter): boolean {
    const { call, isRetry } = waiter.ask;
    const line = this.#lines.get(call);
    if (line) {
      (isRetry ? line.retries : line.others).delete(waiter);
      if (line.retries.size + line.others.size === 0) {
        this.#lines.delete(call);
        this.#newcomers.delete(call);
      }
    }
    return this.#lines.size > 0;
  }
}
