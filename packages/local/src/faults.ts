/** what a test asks for -> checked faults */
import { z } from "zod";

const route = z.enum(["embeddings", "rerank", "chat", "models"]);
export type FaultRoute = z.infer<typeof route>;

const when = {
  /** Only on this route. @default all */
  route: route.optional(),
  /** The chance that a request gets this fault, from 0 to 1. @default 1 */
  probability: z.number().min(0).max(1).optional(),
  /** Only the nth request that this rule sees, or these of them, counted from 1. @default all */
  nth: z.union([z.int().min(1), z.array(z.int().min(1)).min(1)]).optional(),
};

const milliseconds = z
  .number()
  .min(0)
  .max(2 ** 31 - 1);

const status = z.strictObject({
  /** An error answer instead of the true one: in Together's words, or `html` as proxies answer. */
  fault: z.enum(["status", "html"]),
  status: z.int().min(400).max(599),
  /** The error's `type`, `code` and `message`. */
  type: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  /** Headers to send with it, such as `retry-after`. */
  headers: z.record(z.string(), z.string()).optional(),
  ...when,
});

const answer = z.strictObject({
  /**
   * A changed 200 of `embeddings` or `rerank`: its items in another order (`shuffled`), the last one missing (`short`), one
   * given twice in the place of another (`duplicate`), one whose vector or score is `null`, one whose vector is a number
   * shorter (`wrong-dimension`).
   */
  fault: z.enum(["shuffled", "short", "duplicate", "null", "wrong-dimension"]),
  ...when,
});

const wire = z.strictObject({
  /**
   * What becomes of the body's second half: it never comes (`stall`), the connection ends before it (`cut`), the
   * connection is reset (`reset`), or the whole body comes in small pieces over `ms` (`drip`).
   */
  fault: z.enum(["stall", "cut", "reset", "drip"]),
  /** How long a `drip` takes, in milliseconds. @default 1000 */
  ms: milliseconds.optional(),
  ...when,
});

const rule = z.union([status, answer, wire]);
export type FaultRule = z.infer<typeof rule>;
export type StatusRule = z.infer<typeof status>;
export type AnswerRule = z.infer<typeof answer>;
export type WireRule = z.infer<typeof wire>;

const rateLimit = z.strictObject({
  /** Requests allowed in a window; above it, 429 `dynamic_request_limited`. */
  requests: z.int().min(1).optional(),
  /** Tokens allowed in a window; above it, 429 `dynamic_token_limited`. */
  tokens: z.int().min(1).optional(),
  /** The length of a window, in milliseconds; it begins with a request. @default 60000 */
  windowMs: milliseconds.min(1).optional(),
  /** Which answers carry `x-ratelimit-*` and `x-tokenlimit-*`. @default "refusals" */
  headers: z.enum(["all", "refusals", "none"]).optional(),
  /** Whether a refusal carries `retry-after`, in whole seconds. @default false */
  retryAfter: z.boolean().optional(),
});
export type RateLimit = z.infer<typeof rateLimit>;

const latency = z.strictObject({
  /** Waited before each answer, in milliseconds. */
  fixedMs: milliseconds.optional(),
  /** For each text, document or message of the request, in milliseconds. */
  perTextMs: milliseconds.optional(),
  /** Up to so much more, by chance, in milliseconds. */
  jitterMs: milliseconds.optional(),
});

const faults = z.strictObject({
  /** Chance, jitter and shuffling follow from it: the same requests in the same order meet the same faults. @default 0 */
  seed: z.int().optional(),
  latency: latency.optional(),
  rateLimit: rateLimit.optional(),
  /** Each is asked at each request; the first `status` or `html` that applies is the answer. */
  rules: z.array(rule).optional(),
});

/** How the server misbehaves. */
export type Faults = z.infer<typeof faults>;

/** @throws TypeError naming what is wrong and where. */
export function checkFaults(value: unknown): Faults {
  const result = faults.safeParse(value);
  if (result.success) return result.data;
  throw new TypeError(`Expected \`faults\` to be a description of faults: ${explain(result.error.issues)}`);
}

function explain(issues: readonly z.core.$ZodIssue[], path: PropertyKey[] = []): string {
  const issue = issues[0];
  if (!issue) return "it is empty";
  const at = [...path, ...issue.path];
  // Of the kinds of rules, the one whose name was right says what is wrong with the rest.
  if (issue.code === "invalid_union") {
    const named = issue.errors.find((branch) => branch.every(({ path: [first] }) => first !== "fault"));
    if (named) return explain(named, at);
    if (at.at(-2) === "rules") {
      const names = rule.options.flatMap((kind) => kind.shape.fault.options);
      return `\`${at.join(".")}.fault\` is one of ${names.join(", ")}`;
    }
  }
  return at.length === 0 ? issue.message : `\`${at.join(".")}\`: ${issue.message}`;
}
