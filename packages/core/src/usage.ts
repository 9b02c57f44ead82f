/** Attempts and answers -> what they cost, as far as the API tells it. */

/** Tokens of one answer. */
export interface UsageEvent {
  kind: "embed" | "rerank";
  model: string;
  promptTokens: number;
}

export interface UsageCounts {
  /** Attempts sent, repetitions counted in. */
  requests: number;
  /** Attempts that repeated a failed one. */
  retries: number;
  /** Prompt tokens that the answers told of; answers without usage count none. */
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
    // Not an assignment: a model named "__proto__" would vanish.
    return { ...sum, byModel: Object.fromEntries(models) };
  }

  #of(model: string): UsageCounts {
    const counts = this.#models.get(model) ?? { requests: 0, retries: 0, promptTokens: 0 };
    this.#models.set(model, counts);
    return counts;
  }
}

/** The tokens an answer tells of; absent, null or odd members count as not told. */
export function readPromptTokens(answer: Record<string, unknown>): number | undefined {
  const tokens = (answer.usage as { prompt_tokens?: unknown } | null | undefined)?.prompt_tokens;
  return typeof tokens === "number" && Number.isFinite(tokens) && tokens >= 0 ? tokens : undefined;
}

/** Calls the caller's function. What it throws, or rejects with, must not lose paid work, so it goes no further. */
export function notify<Event>(callback: ((event: Event) => unknown) | undefined, event: Event): void {
  if (!callback) return;
  try {
    const returned = callback(event);
    if (returned instanceof Promise) returned.catch(() => {});
  } catch {
    // The caller's own fault, documented at the option: vectors matter more.
  }
}
