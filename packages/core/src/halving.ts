/** A refused request -> smaller requests, until the input at fault stands alone. */
import type { Sized } from "./batch.ts";
import { TogetherApiError } from "./errors.ts";

export interface HalvingSteps<Item> {
  send(items: Item[], signal: AbortSignal): Promise<void>;
  /** Whether the refusal may be about some of the items, not about all alike. */
  mayBeOneItem(error: TogetherApiError): boolean;
  /** Told of the item that is refused alone; throws, or notes it. */
  refuse(item: Item, error: TogetherApiError): void;
}

/**
 * Costs at most 2·log2(n) requests more than a batch of n that passes, for one item at fault. One serves all batches of a
 * call: what is too large for the server is learned once.
 */
export class Halving<Item extends Pick<Sized, "bytes">> {
  readonly #steps: HalvingSteps<Item>;
  /** The smallest size that the server answered with 413: a batch as large is halved before it is sent. */
  #tooLarge = Number.POSITIVE_INFINITY;

  constructor(steps: HalvingSteps<Item>) {
    this.#steps = steps;
  }

  /** Whether everything passed. `holdsCulprit`: it is known to fail as a whole, so it is halved unsent. */
  async run(items: Item[], signal: AbortSignal, holdsCulprit = false): Promise<boolean> {
    const size = items.reduce((sum, { bytes }) => sum + bytes, 0);
    const alone = items.length === 1;
    if (!alone && (holdsCulprit || size >= this.#tooLarge))
      return this.#runHalves(items, signal, holdsCulprit);
    try {
      await this.#steps.send(items, signal);
      return true;
    } catch (error) {
      if (!TogetherApiError.is(error) || !this.#steps.mayBeOneItem(error)) throw error;
      const isTooLarge = error.status === 413;
      if (isTooLarge) this.#tooLarge = Math.min(this.#tooLarge, size);
      if (!alone) return this.#runHalves(items, signal, !isTooLarge);
      // It was the item, not the size of the batches that it stood in.
      this.#tooLarge = Number.POSITIVE_INFINITY;
      this.#steps.refuse(items[0] as Item, error);
      return false;
    }
  }

  /** The first half first: when it passes, and size is not what was refused, the culprit is in the second. */
  async #runHalves(items: Item[], signal: AbortSignal, oneIsAtFault: boolean): Promise<boolean> {
    // When size may be at fault the second half is sent in any case, and costs a request more: it gets the smaller part.
    const middle = oneIsAtFault ? Math.floor(items.length / 2) : Math.ceil(items.length / 2);
    const firstPassed = await this.run(items.slice(0, middle), signal);
    const secondPassed = await this.run(items.slice(middle), signal, oneIsAtFault && firstPassed);
    return firstPassed && secondPassed;
  }
}
