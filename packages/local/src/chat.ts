/** messages -> the best sentences of their context -> a chat answer, whole or streamed */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { type ChatArguments, chatArguments, readArguments } from "./arguments.ts";
import type { Env } from "./arrivals.ts";
import { best, noContext, preface, readMessages, textOf } from "./extract.ts";
import type { Service } from "./service.ts";

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/** `POST /v1/chat/completions`. */
export async function chat(context: Context<Env>, service: Service): Promise<Response> {
  const request = readArguments(chatArguments, context.get("body"));
  const signal = context.req.raw.signal;
  const { words, finish, usage } = await answer(request, service, signal);
  const head = {
    id: context.get("arrival").id,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  if (request.stream) return stream(context, request, head, words, finish, usage);
  const prompt = request.echo ? request.messages.map((message) => ({ text: textOf(message) })) : [];
  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => ({
    index,
    message: { role: "assistant", content: words.join(""), tool_calls: [] },
    finish_reason: finish,
    logprobs: null,
  }));
  return context.json({ ...head, object: "chat.completion", prompt, choices, usage });
}

/** The answer in words, each with the white space that follows it. */
async function answer(request: ChatArguments, service: Service, signal: AbortSignal) {
  const { question, context } = readMessages(request.messages);
  const { scores } = context.length ? await service.thread.rerank(question, context, signal) : { scores: [] };
  const text = context.length ? `${preface}\n\n${best(context, scores).join(" ")}` : noContext;
  const stopped = untilStop(text, request.stop ?? []);

  const words = stopped.match(/\s*\S+\s*/g) ?? [];
  const [counts, prompt] = await Promise.all([
    service.thread.count(words, signal),
    service.thread.count(request.messages.map(textOf), signal),
  ]);
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  let completion = 0;
  const kept = words.filter((_, index) => {
    const fits = completion + (counts[index] ?? 0) <= limit;
    completion = fits ? completion + (counts[index] ?? 0) : Number.POSITIVE_INFINITY;
    return fits;
  });
  const each = counts.slice(0, kept.length).reduce((sum, count) => sum + count, 0);
  const completionTokens = each * (request.n ?? 1);
  const promptTokens = prompt.reduce((sum, count) => sum + count, 0);
  const usage: Usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  return { words: kept, finish: kept.length < words.length ? "length" : "stop", usage };
}

function untilStop(text: string, stop: string | string[]): string {
  const ends = [stop]
    .flat()
    .map((sequence) => (sequence ? text.indexOf(sequence) : -1))
    .filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

/** Server-sent events: a chunk a word, the finish, the usage, `[DONE]`. */
function stream(
  context: Context<Env>,
  request: ChatArguments,
  head: object,
  words: string[],
  finish: string,
  usage: Usage,
): Response {
  const indices = Array.from({ length: request.n ?? 1 }, (_, index) => index);
  return streamSSE(context, async (events) => {
    const send = (rest: object) =>
      events.writeSSE({ data: JSON.stringify({ ...head, object: "chat.completion.chunk", ...rest }) });
    const choice = (index: number, content: string, finish_reason: string | null) => ({
      index,
      delta: { role: "assistant", content },
      finish_reason,
      logprobs: null,
    });
    for (const word of words) {
      await send({ choices: indices.map((index) => choice(index, word, null)), usage: null });
    }
    await send({ choices: indices.map((index) => choice(index, "", finish)), usage: null });
    await send({ choices: [], usage });
    await events.writeSSE({ data: "[DONE]" });
  });
}
