/** A refused request -> smaller requests, until every part is accepted or the input at fault is alone. */
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
  /** Called with an item that was refused on its own. Throws, or records the refusal. */
  refuse(item: Item, error: TogetherApiError): void;
}

/** After a size was refused, this share of it is the next to try: a batch of almost that size would be refused as well. */
const NEXT_SIZE = 0.75;

/** Thrown instead of sending a request, if the client learned a lower limit of the server while the request waited. */
const RECALLED = Symbol("recalled");

/**
 * Costs at most 2·log2(n) requests more than a batch of n that passes, for one item at fault. One serves all batches of a
 * call; what is too much for the server is learned for the model, and every later batch keeps to it.
 */
export class Halving<Item extends Pick<Sized, "bytes">> {
  readonly #steps: HalvingSteps<Item>;
  readonly #learned: Learned;
  /** Items left over from batches that were cut. They are put together to full batches. */
  readonly #rest: Item[] = [];
  /** Requests that wait for their turn, each with a function that calls it back. */
  readonly #waiting = new Map<Item[], () => void>();
  /** For each batch, the function to call when its request is sent. */
  readonly #starts = new WeakMap<Item[], () => void>();
  /** The batch that finds the cause of a refusal, for all batches of the call. */
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

  /** Returns whether every item was accepted. A part known to hold the input at fault (`holdsCulprit`) is halved without being sent. */
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

  /** Sends a refused batch in smaller requests. A single item is refused for good. */
  async #divide(items: Item[], refusal: TogetherApiError, signal: AbortSignal): Promise<boolean> {
    const isTooLarge = refusal.status === 413;
    if (items.length > this.#learned.maxItems) return this.#runInFewer(items, signal);
    if (items.length > 1) return this.#runHalves(items, signal, { oneIsAtFault: !isTooLarge, refusal });
    // The item itself is too large, so the size of its batches was not the reason.
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

  /** Learns from a refusal at once, before another request takes its place. */
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

  #keepBelow(items: Item[]): void {
    const bytes = bytesOf(items);
    const { mostBytesPassed, tooManyBytes } = this.#learned;
    this.#learned.tooManyBytes = Math.min(
      tooManyBytes,
      bytes,
      Math.max(mostBytesPassed, bytes * NEXT_SIZE) + 1,
    );
  }

  #recall(): void {
    for (const [items, recall] of this.#waiting)
      if (!this.#fits(items) || (this.#search && this.#learned.mostPassed < items.length)) recall();
  }

  /** Sends the items in requests of as many items as the server accepts. */
  async #runInFewer(items: Item[], signal: AbortSignal): Promise<boolean> {
    const { maxItems } = this.#learned;
    this.#rest.push(...items);
    const full: Promise<boolean>[] = [];
    while (this.#rest.length >= maxItems)
      full.push(this.#run(this.#rest.splice(0, maxItems), signal, { holdsCulprit: false }));
    return (await Promise.all(full)).every(Boolean);
  }

  /**
   * While nothing has been accepted yet, sends the first, the last and the middle item on their own. If all three are refused
   * with the same words, the request as a whole is at fault. @throws the refusal of the request
   */
  async #tryAlone(items: Item[], refusal: TogetherApiError, signal: AbortSignal): Promise<boolean> {
    const left = new Set(items);
    const refused: [Item, TogetherApiError][] = [];
    for (const at of new Set([0, items.length - 1, items.length >> 1])) {
      const item = items[at] as Item;
      // A request with a single item is never called back.
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

  /** Sends the first half first. If it is accepted, and the size was not the reason, the input at fault is in the second half. */
  async #runHalves(
    items: Item[],
    signal: AbortSignal,
    { oneIsAtFault, refusal }: { oneIsAtFault: boolean; refusal?: TogetherApiError },
  ): Promise<boolean> {
    // If the size may be the reason, the second half must be sent too, so it gets the smaller part.
    const middle = oneIsAtFault ? Math.floor(items.length / 2) : Math.ceil(items.length / 2);
    const firstPassed = await this.#run(items.slice(0, middle), signal, { holdsCulprit: false });
    const holdsCulprit = oneIsAtFault && firstPassed && items.length <= this.#learned.maxItems;
    const secondPassed = await this.#run(items.slice(middle), signal, { holdsCulprit });
    const hasPassed = firstPassed && secondPassed;
    if (refusal && oneIsAtFault && hasPassed) this.#learnFromParts(items, refusal);
    return hasPassed;
  }

  /** Every item was accepted in a smaller request, so there were too many items, or too many tokens. */
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

/** The words of a refusal without the parts that differ from request to request: ids and counts. */
function alike({ message }: TogetherApiError): string {
  return message.replace(/\S*\d\S*/g, "");
}
