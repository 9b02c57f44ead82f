/** Faults and the requests so far -> what happens to the next request. */

import { chance } from "./chance.ts";
import { isAnswerRule, isStatusRule, isWireRule } from "./check-faults.ts";
import type { AnswerRule, FaultRoute, FaultRule, Faults, StatusRule, WireRule } from "./faults.ts";
import { RateWindow } from "./rate-window.ts";

/** What happens to one request. */
export interface Fate {
  latencyMs: number;
  status: StatusRule | undefined;
  answers: AnswerRule[];
  wire: WireRule | undefined;
  /** The seed of later random decisions about this request. */
  seed: number;
}

/** The longest delay of Node's timers, in milliseconds. */
const longestMs = 2 ** 31 - 1;

export class FaultPlan {
  readonly faults: Faults;
  readonly window: RateWindow | undefined;
  readonly #seen: number[];
  #requests = 0;

  constructor(faults: Faults) {
    this.faults = faults;
    this.window = faults.rateLimit && new RateWindow(faults.rateLimit);
    this.#seen = (faults.rules ?? []).map(() => 0);
  }

  /** Counts the request and decides. Every rule counts it, whatever the other rules decide. */
  next(route: FaultRoute, texts: number): Fate {
    const { seed = 0, latency = {}, rules = [] } = this.faults;
    const request = ++this.#requests;
    const applying = rules.filter((rule, index) => {
      if (!concerns(rule, route)) return false;
      const seen = (this.#seen[index] ?? 0) + 1;
      this.#seen[index] = seen;
      const nth = [rule.nth ?? seen].flat().includes(seen);
      return nth && chance(seed, index, seen) < (rule.probability ?? 1);
    });
    const { fixedMs = 0, perTextMs = 0, jitterMs = 0 } = latency;
    return {
      latencyMs: Math.min(longestMs, fixedMs + perTextMs * texts + jitterMs * chance(seed, -1, request)),
      status: applying.find(isStatusRule),
      answers: applying.filter(isAnswerRule),
      wire: applying.find(isWireRule),
      seed: chance(seed, -2, request) * 2 ** 32,
    };
  }
}

/** Only answers of these routes have items that can be wrong. */
function concerns(rule: FaultRule, route: FaultRoute): boolean {
  if (rule.route !== undefined) return rule.route === route;
  return !isAnswerRule(rule) || route === "embeddings" || route === "rerank";
}
