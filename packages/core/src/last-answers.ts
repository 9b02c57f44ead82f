/** The last answers of a model -> whether requests are refused so often that there is a pattern, or only as often as always. */

/** A request that was refused. */
export interface Crowding {
  /** The identity of the request through all its attempts. */
  request: object;
  /** How many requests were still in flight when it came back. */
  left: number;
  /** It came back much quicker than answers do. */
  isQuick: boolean;
}

/** This many refused requests among this many answers are a pattern. Fewer must not slow a client down. */
export const PATTERN_REQUESTS = 4;
export const PATTERN_ANSWERS = 20;
/** Refusals are expected if they are no more than so many times those that came at a lower rate … */
const USUAL_TIMES = 2;
/** … and no more than this share of the answers: if a server refuses more, it has a limit. */
const LARGEST_USUAL_SHARE = 0.4;

export class LastAnswers {
  /** Oldest first; `undefined` for an accepted request. */
  readonly #last: (Crowding | undefined)[] = [];

  add(refused: Crowding | undefined): void {
    this.#last.push(refused);
    if (this.#last.length > PATTERN_ANSWERS) this.#last.shift();
  }

  /** The refusals, one for each request. */
  refused(): Crowding[] {
    return [...new Map(this.#refusals().map((one) => [one.request, one])).values()];
  }

  get isPattern(): boolean {
    return this.refused().length >= PATTERN_REQUESTS;
  }

  /**
   * Some servers refuse a share of the requests at any rate: one of several machines behind a gateway is busy. A lower rate
   * helps nobody then. `strayShare`: the share that was refused at a lower rate than the server had accepted.
   */
  isUsual(strayShare: number): boolean {
    const most = Math.min(LARGEST_USUAL_SHARE, USUAL_TIMES * strayShare);
    return this.#refusals().length <= most * PATTERN_ANSWERS;
  }

  #refusals(): Crowding[] {
    return this.#last.filter((one) => one !== undefined);
  }
}
