/** Any value -> faults, or an error that says what is wrong and where. */
import { z } from "zod";
import type {
  AnswerRule,
  FaultRoute,
  FaultRule,
  Faults,
  Latency,
  RateLimit,
  StatusRule,
  WireRule,
} from "./faults.ts";

/** One schema member for each member of the type, no more and no less. */
type Shape<T> = { [K in keyof Required<T>]: z.ZodType };

const routes = ["embeddings", "rerank", "chat", "models"] as const satisfies FaultRoute[];
const milliseconds = z
  .number()
  .min(0)
  .max(2 ** 31 - 1);

const when = {
  route: z.enum(routes).optional(),
  probability: z.number().min(0).max(1).optional(),
  nth: z.union([z.int().min(1), z.array(z.int().min(1)).min(1)]).optional(),
};

const status = z.strictObject({
  fault: z.enum(["status", "html"]),
  status: z.int().min(400).max(599),
  type: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  headers: z.record(z.string(), z.string()).refine(areHeaders, "not headers that HTTP can carry").optional(),
  ...when,
} satisfies Shape<StatusRule>);

const answer = z.strictObject({
  fault: z.enum(["shuffled", "short", "duplicate", "null", "wrong-dimension"]),
  ...when,
  route: z.enum(["embeddings", "rerank"]).optional(),
} satisfies Shape<AnswerRule>);

const wire = z.strictObject({
  fault: z.enum(["stall", "cut", "reset", "drip"]),
  ms: milliseconds.optional(),
  ...when,
} satisfies Shape<WireRule>);

const rule = z.union([status, answer, wire]);

const rateLimit = z.strictObject({
  requests: z.int().min(1).optional(),
  tokens: z.int().min(1).optional(),
  windowMs: milliseconds.min(1).optional(),
  headers: z.enum(["all", "refusals", "none"]).optional(),
  retryAfter: z.boolean().optional(),
} satisfies Shape<RateLimit>);

const latency = z.strictObject({
  fixedMs: milliseconds.optional(),
  perTextMs: milliseconds.optional(),
  jitterMs: milliseconds.optional(),
} satisfies Shape<Latency>);

const faults = z.strictObject({
  seed: z.int().optional(),
  latency: latency.optional(),
  rateLimit: rateLimit.optional(),
  rules: z.array(rule).optional(),
} satisfies Shape<Faults>);

/** @throws TypeError naming what is wrong and where. */
export function checkFaults(value: unknown): Faults {
  const result = faults.safeParse(value);
  // Only `undefined` for an absent member tells the two types apart.
  if (result.success) return result.data as Faults;
  throw new TypeError(`Expected \`faults\` to be a description of faults: ${explain(result.error.issues)}`);
}

export function isAnswerRule(given: FaultRule): given is AnswerRule {
  return answer.shape.fault.safeParse(given.fault).success;
}

export function isWireRule(given: FaultRule): given is WireRule {
  return wire.shape.fault.safeParse(given.fault).success;
}

export function isStatusRule(given: FaultRule): given is StatusRule {
  return status.shape.fault.safeParse(given.fault).success;
}

function areHeaders(headers: Record<string, string>): boolean {
  try {
    new Headers(headers);
    return true;
  } catch {
    return false;
  }
}

function explain(issues: readonly z.core.$ZodIssue[], path: PropertyKey[] = []): string {
  const issue = issues[0];
  if (!issue) return "it is empty";
  const at = [...path, ...issue.path];
  // Show only the error of the kind of rule that was named.
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
