/** A source -> groups of its items, read no further ahead than the window. */

import { describeType, expected } from "./check.ts";

/** @throws TypeError for what cannot be read item by item */
export function checkSource<Source>(source: Source): Source {
  const isObject = typeof source === "object" && source !== null;
  if (isObject && (Symbol.asyncIterator in source || Symbol.iterator in source)) return source;
  throw expected("source", "an Iterable or AsyncIterable of items", describeType(source));
}

export interface ReaderOptions<Item> {
  /** Items in a group; fewer when the source is slow or ends. */
  groupSize: number;
  /** The most items read and not yet released. */
  window: number;
  /** Told of each group as soon as it is read. */
  onGroup(items: Item[]): void;
  /** Whether work is still going on: only an idle reader hands out a group that is not full. */
  isBusy(): boolean;
}

export class SourceReader<Item> {
  readonly #iterator: Iterator<Item> | AsyncIterator<Item>;
  readonly #options: ReaderOptions<Item>;
  #group: Item[] = [];
  #held = 0;
  #state: "open" | "ended" | "closed" = "open";
  #awaitsSource = false;
  #roomIsFree = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Iterable<Item> | AsyncIterable<Item>, options: ReaderOptions<Item>) {
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#options = options;
  }

  /** Reads to the end, waiting for room where the window is full. Groups read before a failure are handed out first. */
  async readAll(): Promise<void> {
    try {
      for (let item = await this.#next(); item && this.#state === "open"; item = await this.#next()) {
        this.#held++;
        this.#group.push(item.value);
        if (this.#group.length === this.#options.groupSize) this.#handOut();
      }
    } finally {
      if (this.#state === "open") this.#state = "ended";
      if (this.#state === "ended") this.#handOut();
    }
  }

  /** The consumer is done with so many items. */
  release(count: number): void {
    this.#held -= count;
    this.#roomIsFree();
  }

  /** Hands out a group that is not full when the source has nothing ready and no work is going on. */
  flushWhenIdle(): void {
    if (this.#timer || this.#options.isBusy()) return;
    // A source that has something ready delivers it before a timer fires.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#awaitsSource && !this.#options.isBusy()) this.#handOut();
    }, 0);
  }

  /** Reads no more and closes the source. `wait: false` does not wait for a source that is silent. */
  async close({ wait }: { wait: boolean }): Promise<void> {
    clearTimeout(this.#timer);
    const hadEnded = this.#state !== "open";
    this.#state = "closed";
    this.#roomIsFree();
    if (hadEnded) return;
    const closing = Promise.resolve(this.#iterator.return?.());
    if (wait && !this.#awaitsSource) await closing;
    else closing.catch(() => {});
  }

  async #next(): Promise<IteratorYieldResult<Item> | undefined> {
    while (this.#held >= this.#options.window && this.#state === "open") {
      await new Promise<void>((resolve) => {
        this.#roomIsFree = resolve;
      });
    }
    if (this.#state !== "open") return undefined;
    // The work may have ended while this waited for room, and the source may be silent from now on.
    if (this.#group.length > 0) this.flushWhenIdle();
    this.#awaitsSource = true;
    const step = await this.#iterator.next();
    this.#awaitsSource = false;
    return step.done ? undefined : step;
  }

  #handOut(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#group.length === 0) return;
    const items = this.#group;
    this.#group = [];
    this.#options.onGroup(items);
  }
}
