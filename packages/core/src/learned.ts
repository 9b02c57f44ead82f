/** What a client learns of a server from its answers, for one model on one route. */

export class Learned {
  /** Members of the request that the server refused by name: they are left out from then on. */
  readonly refusedMembers = new Set<string>();
  /** The most items of a request that the server takes, as far as it is known. */
  maxItems = Number.POSITIVE_INFINITY;
  /** From this size on a request is not sent, since one was refused for its size. */
  tooManyBytes = Number.POSITIVE_INFINITY;
  /** The largest size that was answered. */
  mostBytesPassed = 0;
  /** The name under which the model answered first, where answers tell one. */
  answeredBy?: string;
  /** Items of the largest request that was answered; 0 before the first. */
  mostPassed = 0;
}

/** Models beyond that are forgotten, those first that were not asked for the longest. */
const KEPT = 200;

/** Keeps what was learned for each model and route. */
export class Lessons {
  readonly #byRoute = new Map<string, Learned>();

  of(path: string, model: string): Learned {
    const route = `${path} ${model}`;
    const learned = this.#byRoute.get(route) ?? new Learned();
    // The last of a map is the one that was set last.
    this.#byRoute.delete(route);
    this.#byRoute.set(route, learned);
    const [oldest] = this.#byRoute.keys();
    if (this.#byRoute.size > KEPT && oldest !== undefined) this.#byRoute.delete(oldest);
    return learned;
  }
}
