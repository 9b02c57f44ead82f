/** Attempts and answers -> counts of requests and tokens, as far as the API reports them. */
import { notify } from "./notify.ts";

/** Tokens of one answer. */
export interface UsageEvent {
  kind: "embed" | "rerank";
  model: string;
  promptTokens: number;
}

export interface UsageCounts {
  /** Attempts sent, including repetitions. */
  requests: number;
  /** Attempts that repeated a failed one. */
  retries: number;
  /** Prompt tokens that the answers reported. Answers without usage add none. */
  promptTokens: number;
}

/** What a client has used since it was made. */
export interface Usage extends UsageCounts {
  byModel: Record<string, UsageCounts>;
}

export class UsageCounter {
  readonly #models = new Map<string, UsageCounts>();
  readonly #onUsage: ((event: UsageEvent) => void) | undefined;

  constructor(onUsage?: (event: UsageEvent) => void) {
    this.#onUsage = onUsage;
  }

  countAttempt(model: string, isRetry: boolean): void {
    const counts = this.#of(model);
    counts.requests++;
    if (isRetry) counts.retries++;
  }

  countTokens(event: UsageEvent): void {
    this.#of(event.model).promptTokens += event.promptTokens;
    notify(this.#onUsage, event);
  }

  /** A copy: later requests do not change it. */
  total(): Usage {
    const sum = { requests: 0, retries: 0, promptTokens: 0 };
    const models = [...this.#models].map(([model, counts]) => {
      for (const name of Object.keys(sum) as (keyof UsageCounts)[]) sum[name] += counts[name];
      return [model, { ...counts }] as const;
    });
    // With an assignment, a model named "__proto__" would vanish.
    return { ...sum, byModel: Object.fromEntries(models) };
  }

  #of(model: string): UsageCounts {
    const counts = this.#models.get(model) ?? { requests: 0, retries: 0, promptTokens: 0 };
    this.#models.set(model, counts);
    return counts;
  }
}
