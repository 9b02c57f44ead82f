/** the body of a request -> its arguments, checked; or a refusal that names the first wrong one */
import { z } from "zod";
import { Refusal } from "./refusal.ts";
import type { Wire } from "./wire.ts";

const model = z.string().min(1);

/** `POST /v1/embeddings`. */
export const embeddingsArguments = z.strictObject({
  model,
  input: z.union([z.string(), z.array(z.string()).min(1)]),
  encoding_format: z.enum(["float", "base64"]).optional(),
});

/** `POST /v1/rerank`. */
export const rerankArguments = z.strictObject({
  model,
  query: z.string(),
  documents: z.union([z.array(z.string()).min(1), z.array(z.record(z.string(), z.unknown())).min(1)]),
  top_n: z.int().min(1).optional(),
  return_documents: z.boolean().optional(),
  rank_fields: z.array(z.string()).optional(),
});

/** The schema of a server that ignores unknown members. */
const looseEmbeddings = embeddingsArguments
  .loose()
  .extend({ encoding_format: z.enum(["float", "base64"]).nullish() });
const looseRerank = rerankArguments.loose().extend({
  documents: z.array(z.string()).min(1),
  top_n: z.int().min(0).nullish(),
  return_documents: z.boolean().nullish(),
  return_text: z.boolean().nullish(),
  raw_scores: z.boolean().nullish(),
});

/** The arguments of an embeddings request on this wire. */
export function readEmbeddings(body: Uint8Array, wire: Wire) {
  if (wire.strict) return readArguments(embeddingsArguments, body);
  return readArguments(
    wire.modelOptional ? looseEmbeddings.partial({ model: true }) : looseEmbeddings,
    body,
    wire,
  );
}

/** The arguments of a rerank request on this wire; `documents` and `top_n` by these names, whatever the wire calls them. */
export function readRerank(body: Uint8Array, wire: Wire) {
  if (wire.strict) return { ...readArguments(rerankArguments, body), return_text: false, raw_scores: false };
  return readArguments(wire.modelOptional ? looseRerank.partial({ model: true }) : looseRerank, body, wire);
}

const textPart = z.object({ type: z.literal("text"), text: z.string() });
const otherPart = z.looseObject({ type: z.enum(["image_url", "video_url", "audio_url", "input_audio"]) });
const content = z.union([z.string(), z.array(z.union([textPart, otherPart]))]);
const message = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ role: z.enum(["system", "developer", "user"]), content }),
    z.looseObject({ role: z.literal("assistant"), content: content.nullish() }),
    z.looseObject({ role: z.literal("tool"), content, tool_call_id: z.string() }),
    z.looseObject({ role: z.literal("function"), content, name: z.string() }),
  ],
  {
    error: ({ code }) =>
      code === "invalid_union"
        ? "expected one of system, developer, user, assistant, tool, function"
        : undefined,
  },
);
export type ChatMessage = z.infer<typeof message>;

const [flag, number, integer] = [z.boolean().nullish(), z.number().nullish(), z.int().nullish()];
const [text, object] = [z.string().nullish(), z.looseObject({}).nullish()];

/** Arguments that steer a language model, which is not here: their types are checked, and they do nothing. */
const unused = {
  chat_template_kwargs: object,
  compliance: z.literal("hipaa").nullish(),
  context_length_exceeded_behavior: z.enum(["truncate", "error"]).nullish(),
  frequency_penalty: number,
  functions: z.array(z.looseObject({})).nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  logprobs: z.union([z.int().min(0).max(20), z.boolean()]).nullish(),
  metadata: object,
  min_p: number,
  modalities: z.array(z.string()).nullish(),
  parallel_tool_calls: flag,
  prediction: object,
  presence_penalty: number,
  prompt_cache_key: text,
  reasoning: object,
  reasoning_effort: text,
  repetition_penalty: number,
  safety_identifier: text,
  safety_model: text,
  seed: integer,
  service_tier: text,
  store: flag,
  temperature: number,
  tools: z.array(z.looseObject({})).nullish(),
  top_k: integer,
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: number,
  user: text,
  verbosity: text,
};

/** `POST /v1/chat/completions`: Together's arguments and those that OpenAI clients add. */
export const chatArguments = z.strictObject({
  ...unused,
  model,
  messages: z.array(message).min(1),
  stream: flag,
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.int().min(1).max(128).nullish(),
  echo: flag,
  // Arguments that an extractive answer cannot follow are refused, not ignored.
  response_format: z.looseObject({ type: z.literal("text") }).nullish(),
  tool_choice: z.enum(["auto", "none"]).nullish(),
  function_call: z.enum(["auto", "none"]).nullish(),
});
export type ChatArguments = z.infer<typeof chatArguments>;

/** @throws Refusal (400) when the body is not JSON, not an object, or does not fit the arguments. */
export function readArguments<T extends z.ZodType>(
  schema: T,
  body: Uint8Array,
  wire: Pick<Wire, "members" | "refused" | "words"> = {},
): z.infer<T> {
  const value = parseJson(body);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "Expected the body to be a JSON object");
  }
  const unknown = wire.refused?.find((name) => name in value);
  if (unknown !== undefined) {
    const message = wire.words?.unknown?.(unknown) ?? `Unrecognized request argument: ${unknown}`;
    throw new Refusal(400, message, { param: unknown, reason: "unknown" });
  }
  const result = schema.safeParse(inOurNames(value, wire.members ?? {}), { reportInput: true });
  if (result.success) return result.data;
  throw refusalOf(result.error.issues, wire.members ?? {});
}

/** If a member has another name on this wire, our name for it is not accepted. */
function inOurNames(value: object, members: Record<string, string>): Record<string, unknown> {
  const renamed: Record<string, unknown> = { ...value };
  for (const [ours, theirs] of Object.entries(members)) {
    delete renamed[ours];
    if (theirs in renamed) renamed[ours] = renamed[theirs];
  }
  return renamed;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "" : ": its bytes are not UTF-8";
    throw new Refusal(400, `We could not parse the JSON body of your request${reason}`);
  }
}

function refusalOf(issues: z.core.$ZodIssue[], members: Record<string, string>): Refusal {
  const unknown = issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  if (unknown.length > 0) {
    return new Refusal(400, `Unrecognized request arguments supplied: ${unknown.join(", ")}`, {
      reason: "unknown",
    });
  }
  const issue = nearest(issues);
  const param = issue?.path
    .map((step, at) => (at === 0 ? (members[String(step)] ?? step) : step))
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("");
  const name = param?.slice(1) ?? "";
  if (issue?.input === undefined) {
    return new Refusal(400, `Missing required argument: '${name}'`, { param: name, reason: "missing" });
  }
  const reason = issue.code === "too_small" ? "empty" : "type";
  return new Refusal(400, `Invalid '${name}': ${issue.message}`, { param: name, reason });
}

/** If a value fits none of several types, the error of the type that it fits best. */
function nearest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const issue = issues[0];
  if (issue?.code !== "invalid_union" || issue.input === undefined) return issue;
  if (issue.errors.length === 0) return issue;
  const inner = issue.errors
    .map((branch) => nearest(branch))
    .filter((other) => other !== undefined)
    .toSorted((a, b) => closeness(b) - closeness(a))[0];
  if (!inner || closeness(inner) === 0) {
    return { ...issue, message: "expected one of the documented types" };
  }
  return { ...inner, path: [...issue.path, ...inner.path] };
}

/** An issue inside the value is a better fit than an issue with its size, and that is better than one with its type. */
function closeness(issue: z.core.$ZodIssue): number {
  return issue.path.length * 2 + (issue.code === "too_small" ? 1 : 0);
}
