import Together from "together-ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalServer, startLocalServer } from "./index.ts";

let server: LocalServer;
let together: Together;

beforeAll(async () => {
  server = await startLocalServer();
  together = new Together({ apiKey: "any", baseURL: server.url, maxRetries: 0 });
});
afterAll(() => server.close());

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

async function embed(input: string | string[], model = "some/model"): Promise<number[][]> {
  const answer = await together.embeddings.create({ model, input });
  return answer.data.map((row) => row.embedding);
}

describe("embeddings, asked by together-ai", () => {
  test("come one a text, in order, with the model's name as it was asked", async () => {
    const answer = await together.embeddings.create({
      model: "BAAI/bge-base-en-v1.5",
      input: ["a", "b", "c"],
    });
    expect(answer.object).toBe("list");
    expect(answer.model).toBe("BAAI/bge-base-en-v1.5");
    expect(answer.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(answer.data.every(({ embedding }) => embedding.length === 768)).toBe(true);
  });

  test("have length 1 and mean something", async () => {
    const [cat, kitten, loan] = await embed([
      "A cat sleeps.",
      "The kitten is napping.",
      "Interest on a loan",
    ]);
    if (!cat || !kitten || !loan) throw new Error("three vectors expected");
    expect(dot(cat, cat)).toBeCloseTo(1, 5);
    expect(dot(cat, kitten)).toBeGreaterThan(dot(cat, loan) + 0.3);
  });

  test("of a text do not depend on its neighbours, whatever their length", async () => {
    const texts = ["short", "a text of middling length about tea", "long ".repeat(200), "", "日本語 🙂"];
    const together = await embed(texts);
    const alone = await Promise.all(texts.map((text) => embed(text)));
    expect(together).toEqual(alone.flat());
  });

  test("in base64 hold the same little-endian float32 values", async () => {
    const [float] = await embed("the same");
    const response = await together.post<{ data: { embedding: string }[] }>("/embeddings", {
      body: { model: "m", input: "the same", encoding_format: "base64" },
    });
    const bytes = Buffer.from(response.data[0]?.embedding ?? "", "base64");
    const values = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
    expect(values).toEqual(float);
  });

  test("of many requests at once are each its own", async () => {
    const texts = Array.from({ length: 60 }, (_, i) => `number ${i} ${"and on ".repeat(i % 7)}`);
    const atOnce = await Promise.all(texts.map((text) => embed(text)));
    expect(atOnce.flat()).toEqual(await embed(texts));
  });
});

describe("reranking, asked by together-ai", () => {
  const documents = ["Berlin is in Germany.", "Paris is the capital of France.", "I like cheese."];
  const query = "What is the capital of France?";

  test("sorts by score and keeps each document's own index", async () => {
    const { results, object, usage } = await together.rerank.create({ model: "r", query, documents });
    expect(object).toBe("rerank");
    expect(results.map(({ index }) => index)[0]).toBe(1);
    expect(results.map(({ index }) => index).sort()).toEqual([0, 1, 2]);
    const scores = results.map((result) => result.relevance_score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(results.map(({ document }) => document)).toEqual([{}, {}, {}]);
    expect(usage?.total_tokens).toBeGreaterThan(20);
  });

  test("gives back the best `top_n`, with their texts when asked", async () => {
    const { results } = await together.rerank.create({
      model: "r",
      query,
      documents,
      top_n: 1,
      return_documents: true,
    });
    expect(results).toMatchObject([{ index: 1, document: { text: documents[1] } }]);
  });

  test("ranks objects by the named fields and gives them back as JSON", async () => {
    const objects = [
      { title: "Paris, the capital of France", body: "nothing" },
      { title: "nothing", body: "Paris, the capital of France" },
    ];
    const ranked = (rank_fields: string[]) =>
      together.rerank.create({ model: "r", query, documents: objects, rank_fields, return_documents: true });
    const byTitle = await ranked(["title"]);
    const byBody = await ranked(["body"]);
    expect(byTitle.results[0]?.index).toBe(0);
    expect(byBody.results[0]?.index).toBe(1);
    expect(byBody.results[0]?.document?.text).toBe(JSON.stringify(objects[1]));
  });

  test("ranks by all fields when none is named", async () => {
    const objects = [{ a: "cheese" }, { b: "Paris is the capital of France." }];
    const ask = { model: "r", query, documents: objects };
    const none = await together.rerank.create({ ...ask, rank_fields: [] });
    expect(none.results).toEqual((await together.rerank.create(ask)).results);
    expect(none.results[0]?.index).toBe(1);
  });

  test("scores a document the same whatever stands beside it, so that requests can be merged", async () => {
    const all = await together.rerank.create({ model: "r", query, documents });
    const alone = await together.rerank.create({ model: "r", query, documents: documents.slice(1, 2) });
    expect(alone.results[0]?.relevance_score).toBe(all.results[0]?.relevance_score);
  });
});

describe("chat, asked by together-ai", () => {
  const content = [
    "Context: The store opens at nine. The client retries twice by default.",
    "Parking is free on Sundays.",
    "",
    "Question: How often does the client retry?",
  ].join("\n");
  const messages = [{ role: "user" as const, content }];

  test("answers with a sentence of the context and says that it is one", async () => {
    const { choices, usage } = await together.chat.completions.create({ model: "c", messages });
    const answer = choices[0]?.message?.content;
    expect(answer).toMatch(/^From the given context, word for word/);
    expect(answer).toContain("The client retries twice by default.");
    expect(answer).not.toContain("Parking");
    expect(choices[0]?.finish_reason).toBe("stop");
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  });

  test("streams the same answer", async () => {
    const whole = await together.chat.completions.create({ model: "c", messages });
    const stream = await together.chat.completions.create({ model: "c", messages, stream: true });
    let streamed = "";
    let last: unknown;
    for await (const chunk of stream) {
      streamed += chunk.choices[0]?.delta.content ?? "";
      last = chunk.usage ?? last;
    }
    expect(streamed).toBe(whole.choices[0]?.message?.content);
    expect(last).toEqual(whole.usage);
  });

  test("counts the tokens of all choices", async () => {
    const one = await together.chat.completions.create({ model: "c", messages });
    const three = await together.chat.completions.create({ model: "c", messages, n: 3 });
    expect(three.usage?.completion_tokens).toBe(3 * (one.usage?.completion_tokens ?? 0));
  });

  test("says so when there is no context", async () => {
    const { choices } = await together.chat.completions.create({
      model: "c",
      messages: [{ role: "user", content: "Who are you?" }],
    });
    expect(choices[0]?.message?.content).toMatch(/^No context was given/);
  });

  test("stops at `max_tokens` and at `stop`", async () => {
    const short = await together.chat.completions.create({ model: "c", messages, max_tokens: 4 });
    expect(short.choices[0]?.finish_reason).toBe("length");
    expect(short.choices[0]?.message?.content).toBe("From the given ");
    const stopped = await together.chat.completions.create({ model: "c", messages, stop: ["retries"] });
    expect(stopped.choices[0]?.message?.content).toMatch(/The client $/);
  });
});

test("the models are listed as a bare array", async () => {
  const models = await together.models.list();
  expect(models.map(({ type }) => type)).toEqual(["embedding", "rerank", "chat"]);
  expect(await together.models.list({ dedicated: false })).toEqual(models);
  expect(await together.models.list({ dedicated: true })).toEqual([]);
});
