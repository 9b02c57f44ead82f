/** A refused request -> smaller requests, until the input at fault stands alone. */
import { TogetherApiError } from "./errors.ts";

export interface HalvingSteps<Item> {
  send(items: Item[]): Promise<void>;
  /** Whether the refusal may be about some of the items, not about all alike. */
  mayBeOneItem(error: TogetherApiError): boolean;
  /** Told of the item that is refused alone; throws, or notes it. */
  refuse(item: Item, error: TogetherApiError): void;
  /** Bytes of an item in a body. */
  size(item: Item): number;
}

/** Costs at most 2·log2(n) requests more than a batch of n that passes, for one item at fault. */
export class Halving<Item> {
  readonly #steps: HalvingSteps<Item>;
  /** The smallest size that the server answered with 413: a batch as large is halved before it is sent. */
  #tooLarge = Number.POSITIVE_INFINITY;

  constructor(steps: HalvingSteps<Item>) {
    this.#steps = steps;
  }

  /** Whether everything passed. `holdsCulprit`: it is known to fail as a whole, so it is halved unsent. */
  async run(items: Item[], holdsCulprit = false): Promise<boolean> {
    const size = items.reduce((sum, item) => sum + this.#steps.size(item), 0);
    const alone = items.length === 1;
    if (!alone && (holdsCulprit || size >= this.#tooLarge)) return this.#runHalves(items, holdsCulprit);
    try {
      await this.#steps.send(items);
      return true;
    } catch (error) {
      if (!TogetherApiError.is(error) || !this.#steps.mayBeOneItem(error)) throw error;
      const isTooLarge = error.status === 413;
      if (isTooLarge) this.#tooLarge = Math.min(this.#tooLarge, size);
      if (!alone) return this.#runHalves(items, !isTooLarge);
      this.#steps.refuse(items[0] as Item, error);
      return false;
    }
  }

  /** The first half first: when it passes, and size is not what was refused, the culprit is in the second. */
  async #runHalves(items: Item[], oneIsAtFault: boolean): Promise<boolean> {
    const middle = Math.floor(items.length / 2);
    const firstPassed = await this.run(items.slice(0, middle));
    const secondPassed = await this.run(items.slice(middle), oneIsAtFault && firstPassed);
    return firstPassed && secondPassed;
  }
}

/** Codes and arguments that concern the request as a whole. */
const sharedCause = /model|endpoint|argument|encoding|key|auth|billing|quota/i;
const sharedWords = /unrecognized request argument|encoding_format/i;

/** Whether a refusal may be about one of several inputs: 413, or a 400 or 422 that names nothing the inputs share. */
export function mayBeOneInput(error: TogetherApiError): boolean {
  if (error.status === 413) return true;
  if (error.status !== 400 && error.status !== 422) return false;
  const { code, param, message } = error;
  const namesOther = param !== null && param !== "" && !param.startsWith("input");
  return !namesOther && !sharedCause.test(code ?? "") && !sharedWords.test(message);
}
