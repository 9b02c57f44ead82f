/** Every answer fits what Together's OpenAPI file (2.0.0) asks of it, written here in our own words. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type LocalServer, startLocalServer } from "./index.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.close());

const headers = { authorization: "Bearer any", "content-type": "application/json" };

async function ask(path: string, body?: object): Promise<{ response: Response; text: string }> {
  const response = await fetch(server.url + path, {
    headers,
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  return { response, text: await response.text() };
}

const usage = z
  .object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
  .nullable();
const finish = z.enum(["stop", "eos", "length", "tool_calls", "function_call"]);

const answers = {
  embeddings: z.strictObject({
    object: z.literal("list"),
    model: z.string(),
    data: z.array(
      z.strictObject({ object: z.literal("embedding"), index: z.int(), embedding: z.array(z.number()) }),
    ),
    // Not in the file, but in live answers.
    usage: z.strictObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
  }),
  rerank: z.strictObject({
    object: z.literal("rerank"),
    id: z.string().optional(),
    model: z.string(),
    results: z.array(
      z.strictObject({
        index: z.int(),
        relevance_score: z.number(),
        document: z.strictObject({ text: z.string().nullish() }),
      }),
    ),
    usage: usage.optional(),
  }),
  models: z.array(
    z.strictObject({
      id: z.string(),
      object: z.literal("model"),
      created: z.int(),
      type: z.enum(["chat", "language", "code", "image", "embedding", "moderation", "rerank"]),
      display_name: z.string(),
      organization: z.string(),
      context_length: z.int(),
      pricing: z.strictObject({
        hourly: z.number(),
        input: z.number(),
        output: z.number(),
        base: z.number(),
        finetune: z.number(),
      }),
    }),
  ),
  chat: z.strictObject({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    prompt: z.array(z.strictObject({ text: z.string() })),
    choices: z.array(
      z.strictObject({
        index: z.int(),
        finish_reason: finish,
        message: z.strictObject({
          role: z.literal("assistant"),
          content: z.string(),
          tool_calls: z.array(z.never()),
        }),
        logprobs: z.null(),
      }),
    ),
    usage,
  }),
  chunk: z.strictObject({
    id: z.string(),
    object: z.literal("chat.completion.chunk"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.strictObject({
        index: z.int(),
        delta: z.strictObject({ role: z.literal("assistant"), content: z.string() }),
        finish_reason: finish.nullable(),
        logprobs: z.null(),
      }),
    ),
    usage,
  }),
};

const messages = [
  { role: "system", content: "Answer from the context. Tea is brewed at 95 degrees." },
  { role: "user", content: [{ type: "text", text: "How hot is tea brewed?" }] },
];

test.each<[name: keyof typeof answers, path: string, body?: object]>([
  ["embeddings", "/embeddings", { model: "m", input: "a" }],
  ["embeddings", "/embeddings", { model: "m", input: ["a", "b"], encoding_format: "float" }],
  ["rerank", "/rerank", { model: "m", query: "q", documents: ["a", "b"] }],
  ["rerank", "/rerank", { model: "m", query: "q", documents: ["a", "b"], return_documents: false, top_n: 9 }],
  [
    "rerank",
    "/rerank",
    { model: "m", query: "q", documents: [{ a: 1 }, { b: null }], return_documents: true },
  ],
  ["chat", "/chat/completions", { model: "m", messages }],
  ["chat", "/chat/completions", { model: "m", messages, n: 2, echo: true, temperature: 0.5, max_tokens: 3 }],
  ["models", "/models"],
])("the answer of %s fits the file: %s %j", async (name, path, body) => {
  const { response, text } = await ask(path, body);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect(answers[name].safeParse(JSON.parse(text)).error?.message).toBeUndefined();
});

test.each([1, 2])("a stream of %i choices fits the file, chunk by chunk, and ends in [DONE]", async (n) => {
  const { response, text } = await ask("/chat/completions", { model: "m", messages, n, stream: true });
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const events = text.trimEnd().split("\n\n");
  expect(events.pop()).toBe("data: [DONE]");
  const chunks = events.map((event) => answers.chunk.parse(JSON.parse(event.replace(/^data: /, ""))));
  for (let index = 0; index < n; index++) {
    const own = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
    expect(own.map(({ delta }) => delta.content).join("")).toMatch(/Tea is brewed at 95 degrees\./);
    expect(own.flatMap(({ finish_reason }) => finish_reason ?? [])).toEqual(["stop"]);
  }
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
});

test("`echo` gives the messages back, one text each", async () => {
  const { text } = await ask("/chat/completions", { model: "m", messages, echo: true });
  expect(JSON.parse(text).prompt).toEqual([
    { text: messages[0]?.content },
    { text: "How hot is tea brewed?" },
  ]);
});
