/** How the server misbehaves, as a test asks for it. */

/** The routes of the wire. */
export type FaultRoute = "embeddings" | "rerank" | "chat" | "models";

/** How the server misbehaves. */
export interface Faults {
  /** Chance, jitter and shuffling follow from it: the same requests in the same order meet the same faults. @default 0 */
  seed?: number;
  latency?: Latency;
  rateLimit?: RateLimit;
  /** Each is asked at each request; the first `status` or `html` that applies is the answer. */
  rules?: FaultRule[];
}

/** What is waited before each answer: the sum of its parts. */
export interface Latency {
  /** For each request, in milliseconds. @default 0 */
  fixedMs?: number;
  /** For each text, document or message of the request, in milliseconds. @default 0 */
  perTextMs?: number;
  /** Up to so much more, by chance, in milliseconds. @default 0 */
  jitterMs?: number;
}

/** A limit above which requests get 429. */
export interface RateLimit {
  /** Requests allowed in a window; above it, `dynamic_request_limited`. @default unlimited */
  requests?: number;
  /** Tokens allowed in a window; above it, `dynamic_token_limited`. @default unlimited */
  tokens?: number;
  /** The length of a window, in milliseconds; it begins with a request. @default 60000 */
  windowMs?: number;
  /** Which answers carry `x-ratelimit-*` and `x-tokenlimit-*`. @default "refusals" */
  headers?: "all" | "refusals" | "none";
  /** Whether a refusal carries `retry-after`, in whole seconds. @default false */
  retryAfter?: boolean;
}

export type FaultRule = StatusRule | AnswerRule | WireRule;

/** Which requests a rule applies to. */
interface When {
  /** Only on this route. @default all */
  route?: FaultRoute;
  /** The chance that a request gets this fault, from 0 to 1. @default 1 */
  probability?: number;
  /** Only the nth request that this rule sees, or these of them, counted from 1. @default all */
  nth?: number | number[];
}

/** An error instead of the true answer. */
export interface StatusRule extends When {
  /** In Together's words (`status`), or as an HTML page, as proxies answer (`html`). */
  fault: "status" | "html";
  /** From 400 to 599. */
  status: number;
  /** The error's `type`. @default "server_error" */
  type?: string;
  /** The error's `code`. @default null */
  code?: string;
  /** The error's `message`, or the page's title. */
  message?: string;
  /** Headers to send with it, such as `retry-after`. */
  headers?: Record<string, string>;
}

/** A changed 200 of `embeddings` or `rerank`; it does not see the other routes' requests. */
export interface AnswerRule extends When {
  /** Only on this route. @default both */
  route?: "embeddings" | "rerank";
  /**
   * Its items in another order (`shuffled`), the last one missing (`short`), one given twice in the place of another
   * (`duplicate`), one whose vector or score is `null`, one whose vector is a number shorter (`wrong-dimension`).
   */
  fault: "shuffled" | "short" | "duplicate" | "null" | "wrong-dimension";
}

/** A true answer, badly delivered. */
export interface WireRule extends When {
  /**
   * The body's second half never comes (`stall`), the connection ends before it (`cut`) or is reset (`reset`), or the whole
   * body comes in small pieces over `ms` (`drip`).
   */
  fault: "stall" | "cut" | "reset" | "drip";
  /** How long a `drip` takes, in milliseconds. @default 1000 */
  ms?: number;
}
