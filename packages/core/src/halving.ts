/** A refused request -> smaller requests, until each passes or the input at fault stands alone. */
import { abortable, follow } from "./abort.ts";
import type { Sized } from "./batch.ts";
import { subjectOf, TogetherApiError } from "./errors.ts";
import { itemLimitIn } from "./item-limit.ts";
import type { Learned } from "./learned.ts";
import { LENGTH_WORDS } from "./refusal.ts";
import type { Watch } from "./request.ts";
import { runBatches } from "./run-batches.ts";

export interface HalvingSteps<Item> {
  send(items: Item[], signal: AbortSignal, watch: Watch): Promise<void>;
  /** Told of the item that is refused alone; throws, or notes it. */
  refuse(item: Item, error: TogetherApiError): void;
}

/** Thrown in place of sending: while the request waited for its turn, the server was found to take less. */
const RECALLED = Symbol("recalled");

/**
 * Costs at most 2·log2(n) requests more than a batch of n that passes, for one item at fault. One serves all batches of a
 * call; what is too much for the server is learned for the model, and every later batch keeps to it.
 */
export class Halving<Item extends Pick<Sized, "bytes">> {
  readonly #steps: HalvingSteps<Item>;
  readonly #learned: Learned;
  /** What was left over where batches were cut: together they make full ones. */
  readonly #rest: Item[] = [];
  /** Requests that wait for their turn, each with the way to call it back. */
  readonly #waiting = new Map<Item[], () => void>();
  /** For each batch, what to call when it leaves. */
  readonly #starts = new WeakMap<Item[], () => void>();
  /** The batch that finds out what is wrong, for all batches of the call. */
  #search: { by: Item[]; over: Promise<void>; end: () => void } | undefined;

  constructor(steps: HalvingSteps<Item>, learned: Learned) {
    this.#steps = steps;
    this.#learned = learned;
  }

  /** Sends the batches side by side, each made when another has left, and at the end what was left over of those that were cut. */
  async runAll(batches: Iterable<Item[]>, signal: AbortSignal | undefined): Promise<void> {
    await runBatches(batches, signal, (batch, own, onStart) => {
      this.#starts.set(batch, onStart);
      return this.#run(batch, own);
    });
    while (this.#rest.length > 0) {
      const rest = this.#rest.splice(0, this.#learned.maxItems);
      await runBatches([rest], signal, (batch, own) => this.#run(batch, own, { holdsCulprit: false }));
    }
  }

  /** Whether everything passed. A part of a refused batch is sent, or halved unsent where it `holdsCulprit`. */
  async #run(items: Item[], signal: AbortSignal, part?: { holdsCulprit: boolean }): Promise<boolean> {
    if (!part) await this.#searchEnds(items, signal);
    const isShort = !part && this.#rest.length > 0 && items.length < this.#learned.maxItems;
    if (isShort || items.length > this.#learned.maxItems) return this.#runInFewer(items, signal);
    if (items.length > 1 && part?.holdsCulprit) return this.#runHalves(items, signal, { oneIsAtFault: true });
    if (!this.#fits(items)) return this.#runHalves(items, signal, { oneIsAtFault: false });
    const refusal = await this.#send(items, signal, part !== undefined);
    if (!refusal) return true;
    if (refusal === RECALLED) return this.#run(items, signal, part);
    if (this.#search?.by !== items) {
      if (!part) await this.#searchEnds(items, signal);
      return this.#divide(items, refusal, signal);
    }
    try {
      const isTold = this.#learned.mostPassed > 0 || LENGTH_WORDS.test(refusal.message);
      return await (isTold ? this.#divide(items, refusal, signal) : this.#tryAlone(items, refusal, signal));
    } finally {
      this.#search.end();
      this.#search = undefined;
    }
  }

  /** Sends what was refused in smaller requests. One item alone is refused for good. */
  async #divide(items: Item[], refusal: TogetherApiError, signal: AbortSignal): Promise<boolean> {
    const isTooLarge = refusal.status === 413;
    if (items.length > this.#learned.maxItems) return this.#runInFewer(items, signal);
    if (items.length > 1) return this.#runHalves(items, signal, { oneIsAtFault: !isTooLarge, refusal });
    // It was the item, not the size of the batches that it stood in.
    if (isTooLarge) this.#learned.tooManyBytes = Number.POSITIVE_INFINITY;
    this.#steps.refuse(items[0] as Item, refusal);
    return false;
  }

  /** Until as many items have passed in one request, one batch of the call finds out what is wrong while the others wait. */
  async #searchEnds(items: Item[], signal: AbortSignal): Promise<void> {
    while (this.#search && this.#learned.mostPassed < items.length)
      await abortable(this.#search.over, signal);
  }

  #fits(items: Item[]): boolean {
    const { maxItems, tooManyBytes } = this.#learned;
    return items.length <= maxItems && (items.length === 1 || bytesOf(items) < tooManyBytes);
  }

  /** @returns the refusal, if it may be about some of the items; `RECALLED` for a request that did not go out */
  async #send(
    items: Item[],
    signal: AbortSignal,
    isPart: boolean,
  ): Promise<TogetherApiError | typeof RECALLED | undefined> {
    const turn = new AbortController();
    const unfollow = follow(signal, turn);
    if (!isPart) this.#waiting.set(items, () => turn.abort(RECALLED));
    try {
      await this.#steps.send(items, turn.signal, {
        onSend: () => {
          if (!this.#fits(items)) throw RECALLED;
          this.#waiting.delete(items);
          this.#starts.get(items)?.();
        },
        onFailure: (error) => this.#learn(items, error, isPart),
      });
      this.#learned.mostPassed = Math.max(this.#learned.mostPassed, items.length);
      this.#learned.mostBytesPassed = Math.max(this.#learned.mostBytesPassed, bytesOf(items));
      return undefined;
    } catch (error) {
      if (error === RECALLED || isAboutItems(error)) return error as TogetherApiError | typeof RECALLED;
      throw error;
    } finally {
      this.#waiting.delete(items);
      unfollow();
    }
  }

  /** At once, before another request goes out in the place of the refused one. */
  #learn(items: Item[], error: unknown, isPart: boolean): void {
    if (!isAboutItems(error) || items.length === 1) return;
    const learned = this.#learned;
    const most = itemLimitIn(error.message, items.length);
    if (most !== undefined) {
      learned.maxItems = Math.min(learned.maxItems, most);
    } else if (error.status === 413) {
      this.#keepBelow(items);
    } else if (!isPart && !this.#search && learned.mostPassed < items.length) {
      let end = () => {};
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      this.#search = { by: items, over, end };
    }
    this.#recall();
  }

  /** A batch of almost the size that was refused would be refused as well, one after the other: a quarter less is the next to try. */
  #keepBelow(items: Item[]): void {
    const bytes = bytesOf(items);
    const { mostBytesPassed, tooManyBytes } = this.#learned;
    this.#learned.tooManyBytes = Math.min(tooManyBytes, bytes, Math.max(mostBytesPassed, bytes * 0.75) + 1);
  }

  #recall(): void {
    for (const [items, recall] of this.#waiting)
      if (!this.#fits(items) || (this.#search && this.#learned.mostPassed < items.length)) recall();
  }

  /** In requests of as many items as the server takes. */
  async #runInFewer(items: Item[], signal: AbortSignal): Promise<boolean> {
    const { maxItems } = this.#learned;
    this.#rest.push(...items);
    const full: Promise<boolean>[] = [];
    while (this.#rest.length >= maxItems)
      full.push(this.#run(this.#rest.splice(0, maxItems), signal, { holdsCulprit: false }));
    return (await Promise.all(full)).every(Boolean);
  }

  /**
   * Before anything has passed, the first, the last and the middle item go alone. When all are refused in the same words, it
   * is the request. @throws the refusal of the request
   */
  async #tryAlone(items: Item[], refusal: TogetherApiError, signal: AbortSignal): Promise<boolean> {
    const left = new Set(items);
    const refused: [Item, TogetherApiError][] = [];
    for (const at of new Set([0, items.length - 1, items.length >> 1])) {
      const item = items[at] as Item;
      // One item alone is not called back.
      const error = (await this.#send([item], signal, true)) as TogetherApiError | undefined;
      left.delete(item);
      if (error) refused.push([item, error]);
      if (!error || alike(error) !== alike(refusal)) break;
      if (refused.length === Math.min(3, items.length)) throw refusal;
    }
    for (const [item, error] of refused) this.#steps.refuse(item, error);
    const holdsCulprit = refused.length === 0;
    return (left.size === 0 || (await this.#run([...left], signal, { holdsCulprit }))) && holdsCulprit;
  }

  /** The first half first: when it passes, and size is not what was refused, the culprit is in the second. */
  async #runHalves(
    items: Item[],
    signal: AbortSignal,
    { oneIsAtFault, refusal }: { oneIsAtFault: boolean; refusal?: TogetherApiError },
  ): Promise<boolean> {
    // When size may be at fault the second half is sent in any case, and costs a request more: it gets the smaller part.
    const middle = oneIsAtFault ? Math.floor(items.length / 2) : Math.ceil(items.length / 2);
    const firstPassed = await this.#run(items.slice(0, middle), signal, { holdsCulprit: false });
    const holdsCulprit = oneIsAtFault && firstPassed && items.length <= this.#learned.maxItems;
    const secondPassed = await this.#run(items.slice(middle), signal, { holdsCulprit });
    const hasPassed = firstPassed && secondPassed;
    if (refusal && oneIsAtFault && hasPassed) this.#learnFromParts(items, refusal);
    return hasPassed;
  }

  /** Nothing is wrong with any of the items: together they were too many, or had too many tokens. */
  #learnFromParts(items: Item[], { message }: TogetherApiError): void {
    const learned = this.#learned;
    if (/token|context|length/i.test(message)) this.#keepBelow(items);
    else if (learned.mostPassed < items.length && items.length <= learned.maxItems)
      learned.maxItems = learned.mostPassed;
    this.#recall();
  }
}

function isAboutItems(error: unknown): error is TogetherApiError {
  return TogetherApiError.is(error) && subjectOf(error) === "one input";
}

function bytesOf(items: readonly Pick<Sized, "bytes">[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A refusal's words without what differs from request to request: ids, counts. */
function alike({ message }: TogetherApiError): string {
  return message.replace(/\S*\d\S*/g, "");
}
