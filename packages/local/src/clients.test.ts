/** Clients that other people wrote, as they come, against the server. */
import { createTogetherAI } from "@ai-sdk/togetherai";
import { TogetherAIEmbeddings } from "@langchain/community/embeddings/togetherai";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { embedMany, generateText, rerank, streamText } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalServer, startLocalServer } from "./index.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.close());

const apiKey = "any";
const texts = ["A cat sleeps.", "Interest on a loan"];
const prompt = "Context: The client retries twice by default.\nQuestion: How often does the client retry?";
const answer = /The client retries twice by default\./;

/** What the server itself says, for comparison. */
async function own(): Promise<number[][]> {
  const response = await fetch(`${server.url}/embeddings`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ model: "m", input: texts }),
  });
  const { data } = await response.json();
  return data.map((row: { embedding: number[] }) => row.embedding);
}

describe("openai", () => {
  const client = () => new OpenAI({ apiKey, baseURL: server.url, maxRetries: 0 });

  test("embeds, in base64 as it asks by default and in floats", async () => {
    const base64 = await client().embeddings.create({ model: "m", input: texts });
    const float = await client().embeddings.create({ model: "m", input: texts, encoding_format: "float" });
    expect(base64.data.map(({ embedding }) => embedding)).toEqual(await own());
    expect(float.data.map(({ embedding }) => embedding)).toEqual(await own());
    expect(base64.usage).toEqual({ prompt_tokens: 12, total_tokens: 12 });
  });

  test("is refused `dimensions`, as Together refuses it", async () => {
    const asked = client().embeddings.create({ model: "m", input: texts, dimensions: 64 });
    await expect(asked).rejects.toMatchObject({
      status: 400,
      type: "invalid_request_error",
      message: expect.stringContaining("Unrecognized request arguments supplied: dimensions"),
    });
  });

  test("chats, whole and streamed, with usage", async () => {
    const messages = [{ role: "user" as const, content: prompt }];
    const whole = await client().chat.completions.create({ model: "m", messages });
    expect(whole.choices[0]?.message.content).toMatch(answer);
    const stream = await client().chat.completions.create({
      model: "m",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let usage: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(usage).toEqual(whole.usage);
  });
});

describe("@langchain/openai", () => {
  const configuration = () => ({ baseURL: server.url });

  test("embeds", async () => {
    const embeddings = new OpenAIEmbeddings({ apiKey, model: "m", configuration: configuration() });
    expect(await embeddings.embedDocuments(texts)).toEqual(await own());
    expect(await embeddings.embedQuery("A cat sleeps.")).toEqual((await own())[0]);
  });

  test("chats, whole and streamed", async () => {
    const chat = new ChatOpenAI({ apiKey, model: "m", configuration: configuration(), maxRetries: 0 });
    expect((await chat.invoke(prompt)).text).toMatch(answer);
    let text = "";
    for await (const chunk of await chat.stream(prompt)) text += chunk.text;
    expect(text).toMatch(answer);
  });
});

describe("@langchain/community's TogetherAIEmbeddings", () => {
  test("embeds", async () => {
    const embeddings = new TogetherAIEmbeddings({ apiKey, model: "m" });
    // It has no base URL of its own to set, only this private field.
    Reflect.set(embeddings, "embeddingsAPIUrl", `${server.url}/embeddings`);
    expect(await embeddings.embedDocuments(texts)).toEqual(await own());
  });
});

describe("the AI SDK's Together provider", () => {
  const provider = () => createTogetherAI({ apiKey, baseURL: server.url });

  test("embeds", async () => {
    const { embeddings, usage } = await embedMany({ model: provider().embeddingModel("m"), values: texts });
    expect(embeddings).toEqual(await own());
    expect(usage.tokens).toBe(12);
  });

  test("reranks", async () => {
    const { ranking } = await rerank({
      model: provider().reranking("m"),
      query: "Which animal naps?",
      documents: texts.toReversed(),
    });
    expect(ranking.map(({ originalIndex }) => originalIndex)).toEqual([1, 0]);
  });

  test("chats, whole and streamed", async () => {
    expect((await generateText({ model: provider()("m"), prompt })).text).toMatch(answer);
    let text = "";
    for await (const part of streamText({ model: provider()("m"), prompt }).textStream) text += part;
    expect(text).toMatch(answer);
  });
});
