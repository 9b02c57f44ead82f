/** A source -> groups of its items, read ahead no further than the window. */

import { describeType, expected } from "./check.ts";

/** @throws TypeError for a source that is not iterable */
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
  /** Called with each group as soon as it is read. */
  onGroup(items: Item[]): void;
  /** Whether work is in progress. Only without work in progress an incomplete group is handed out. */
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

  /** Reads to the end, and waits for room while the window is full. Groups read before a failure are handed out first. */
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

  /** The consumer has finished this many items. */
  release(count: number): void {
    this.#held -= count;
    this.#roomIsFree();
  }

  /** Hands out an incomplete group if the source has nothing ready and no work is in progress. */
  flushWhenIdle(): void {
    if (this.#timer || this.#options.isBusy()) return;
    // If the source has something ready, it delivers it before a timer fires.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#awaitsSource && !this.#options.isBusy()) this.#handOut();
    }, 0);
  }

  /** Stops reading and closes the source. With `wait: false` it does not wait for a silent source. */
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
