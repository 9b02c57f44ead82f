/** What a client learns of a server from its answers, for one model on one route. */

export interface Learned {
  /** Members of the request that the server refused by name: they are left out from then on. */
  readonly refusedMembers: Set<string>;
}

/** Keeps what was learned for each model and route. */
export class Lessons {
  readonly #byRoute = new Map<string, Learned>();

  of(path: string, model: string): Learned {
    const route = `${path} ${model}`;
    const learned = this.#byRoute.get(route) ?? { refusedMembers: new Set() };
    this.#byRoute.set(route, learned);
    return learned;
  }
}
