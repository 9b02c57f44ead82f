/** What a client learns about a server from its answers, for one model on one route. */

export class Learned {
  /** Members of the request that the server refused by name. They are left out from then on. */
  readonly refusedMembers = new Set<string>();
  /** The most items that the server accepts in one request, as far as is known. */
  maxItems = Number.POSITIVE_INFINITY;
  /** Requests of this many bytes or more are not sent, because one was refused for its size. */
  tooManyBytes = Number.POSITIVE_INFINITY;
  /** The bytes of the largest request that was accepted. */
  mostBytesPassed = 0;
  /** The name of the model in the first answer, if answers name one. */
  answeredBy?: string;
  /** The items of the largest request that was accepted; 0 before the first. */
  mostPassed = 0;
}

/** How many models are remembered. Beyond that, the least recently used is forgotten. */
const KEPT = 200;

/** Keeps what was learned for each model and route. */
export class Lessons {
  readonly #byRoute = new Map<string, Learned>();

  of(path: string, model: string): Learned {
    const route = `${path} ${model}`;
    const learned = this.#byRoute.get(route) ?? new Learned();
    // A map keeps the order of insertion: setting the entry again moves it to the end.
    this.#byRoute.delete(route);
    this.#byRoute.set(route, learned);
    const [oldest] = this.#byRoute.keys();
    if (this.#byRoute.size > KEPT) this.#byRoute.delete(oldest as string);
    return learned;
  }
}
