/** A source without a known end -> vectors in its order, in bounded memory. */
import { abortable, follow, onAbort } from "./abort.ts";
import type { Api } from "./api.ts";
import { describeType, expected } from "./check.ts";
import { EmbedCall } from "./embed.ts";
import { type TogetherApiError, TogetherError } from "./errors.ts";
import { notify } from "./notify.ts";
import type { ResolvedStreamOptions } from "./resolve.ts";
import { SourceReader } from "./source.ts";

/** An item of the source with its vector. */
export interface EmbeddedItem<Item> {
  item: Item;
  /** Its position in the source, from 0. */
  index: number;
  vector: number[];
}

/** An item whose text was refused, if `onError` is "yield". */
export interface RefusedItem<Item> {
  item: Item;
  index: number;
  error: TogetherApiError;
}

/** Consecutive items that are embedded in one run, so that texts of similar length can share a batch. */
interface Segment<Item> {
  items: Item[];
  start: number;
  controller: AbortController;
  outcomes: Promise<(number[] | TogetherApiError)[]>;
}

/** The batches of a segment: enough to sort texts by length, but few enough that the first vector comes soon. */
const SEGMENT_BATCHES = 4;

/**
 * Yields in the source's order. At most `2 * maxConcurrency * batchSize` items are read ahead of the consumer: every
 * slot has work while the oldest request is still out.
 */
export async function* embedStream<Item>(
  api: Api,
  source: Iterable<Item> | AsyncIterable<Item>,
  options: ResolvedStreamOptions<Item>,
): AsyncGenerator<EmbeddedItem<Item> | RefusedItem<Item>, void, undefined> {
  options.signal?.throwIfAborted();
  const stop = new AbortController();
  const segments = new Segments(api, options, stop.signal);
  const reader = new SourceReader(source, {
    groupSize: options.batchSize * Math.min(SEGMENT_BATCHES, api.maxConcurrency),
    window: options.batchSize * api.maxConcurrency * 2,
    onGroup: (items) => segments.send(items),
    isBusy: () => segments.busy > 0,
  });
  segments.onAnswered = () => reader.flushWhenIdle();
  reader.readAll().then(
    () => segments.end(),
    (error: unknown) => segments.end({ error }),
  );
  // At once, because the consumer may never ask for another item.
  onAbort(stop.signal, () => void reader.close({ wait: false }).catch(() => {}));
  const unfollow = follow(options.signal, stop);
  let hasFailed = false;
  try {
    for (let segment = await segments.next(); segment; segment = await segments.next()) {
      const outcomes = await segment.outcomes;
      for (const [at, item] of segment.items.entries()) {
        const outcome = outcomes[at] as number[] | TogetherApiError;
        const place = { item, index: segment.start + at };
        yield Array.isArray(outcome) ? { ...place, vector: outcome } : { ...place, error: outcome };
        options.signal?.throwIfAborted();
      }
      reader.release(segment.items.length);
    }
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    unfollow();
    const closing = reader.close({ wait: true });
    stop.abort(new TogetherError("The stream was closed"));
    // Like `for await`: if closing the source fails, that must not hide why the stream ended.
    await closing.catch((error: unknown) => {
      if (!hasFailed) throw error;
    });
  }
}

/** The segments in flight or not yet consumed, in the source's order. */
class Segments<Item> {
  /** Segments whose requests are not all answered. */
  busy = 0;
  onAnswered = () => {};
  readonly #queue: Segment<Item>[] = [];
  readonly #options: ResolvedStreamOptions<Item>;
  readonly #call: EmbedCall;
  readonly #signal: AbortSignal;
  #read = 0;
  #done = 0;
  #end: { error?: unknown } | undefined;
  #hasFailed = false;
  #hasNews = () => {};

  constructor(api: Api, options: ResolvedStreamOptions<Item>, signal: AbortSignal) {
    this.#options = options;
    this.#call = new EmbedCall(api, options);
    this.#signal = signal;
  }

  send(items: Item[]): void {
    const controller = new AbortController();
    // After a failure, further answers would be paid for and never used.
    if (this.#hasFailed) controller.abort();
    const segment = {
      items,
      start: this.#read,
      controller,
      outcomes: this.#embed(items, this.#read, controller),
    };
    this.#read += items.length;
    this.#queue.push(segment);
    this.busy++;
    segment.outcomes
      .catch(() => {
        this.#hasFailed = true;
        for (const later of this.#queue) if (later.start > segment.start) later.controller.abort();
      })
      .finally(() => {
        this.busy--;
        this.onAnswered();
      });
    this.#hasNews();
  }

  async #embed(items: Item[], offset: number, controller: AbortController) {
    const unfollow = follow(this.#signal, controller);
    let counted = 0;
    try {
      const texts = items.map((item, at) => {
        const text: unknown = this.#options.text(item);
        if (typeof text === "string") return text;
        throw expected(`text of item ${offset + at}`, "a string", describeType(text));
      });
      return await this.#call.run(texts, {
        signal: controller.signal,
        keepRefusals: this.#options.onError === "yield",
        offset,
        onDone: (done) => {
          this.#done += done - counted;
          counted = done;
          notify(this.#options.onProgress, { done: this.#done, total: this.#read });
        },
      });
    } finally {
      unfollow();
    }
  }

  /** The source has ended or failed. The items before that are still delivered first. */
  end(end: { error?: unknown } = {}): void {
    this.#end = end;
    this.#hasNews();
  }

  /** The next segment in order; `undefined` after the last. @throws the source's error after the last; the signal's reason */
  async next(): Promise<Segment<Item> | undefined> {
    while (this.#queue.length === 0 && !this.#end) {
      const news = new Promise<void>((resolve) => {
        this.#hasNews = resolve;
      });
      await abortable(news, this.#signal);
    }
    const segment = this.#queue.shift();
    if (!segment && this.#end && "error" in this.#end) throw this.#end.error;
    return segment;
  }
}
