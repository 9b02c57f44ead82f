/** The prompts of every known model. */

import { ofDimensions } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf } from "./client.ts";
import { doors } from "./doors.ts";

const search = "Represent this sentence for searching relevant passages: ";
const instruct =
  "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ";

/** The table of Together's models, from their model cards: id, dimensions, query prompt. No document prompts. */
const models: [string, number, string][] = [
  ["BAAI/bge-large-en-v1.5", 1024, search],
  ["BAAI/bge-base-en-v1.5", 768, search],
  ["intfloat/e5-mistral-7b-instruct", 4096, instruct],
  ["intfloat/multilingual-e5-large-instruct", 1024, instruct],
  ["thenlper/gte-large", 1024, ""],
  ["Alibaba-NLP/gte-modernbert-base", 768, ""],
  ["WhereIsAI/UAE-Large-V1", 1024, search],
  ["togethercomputer/m2-bert-80M-2k-retrieval", 768, ""],
  ["togethercomputer/m2-bert-80M-8k-retrieval", 768, ""],
  ["togethercomputer/m2-bert-80M-32k-retrieval", 768, ""],
  ["someone/unknown-model", 5, ""],
];

describe.each(doors)("prompts through $name", ({ open }) => {
  it.for(models)("of %s are its own", async ([model, dimensions, prompt], { server }) => {
    server.always(ofDimensions(dimensions));
    const door = open({ baseURL: server.baseURL, embed: { model } });
    await door.embedQuery("text");
    await door.embedDocuments(["text"]);
    expect(server.requests.map(({ inputs }) => inputs)).toEqual([[`${prompt}text`], ["text"]]);
    expect(server.requests.map(({ body }) => body.model)).toEqual([model, model]);
  });

  it.for(models.filter(([, dimensions]) => dimensions > 5))(
    "of %s come with a check of its dimensions",
    async ([model, dimensions], { server }) => {
      server.always(ofDimensions(dimensions + 1));
      const found = open({ baseURL: server.baseURL, embed: { model } }).embedDocuments(["text"]);
      await expect(found).rejects.toThrow(new RegExp(`${dimensions + 1} dimensions.*${dimensions}`));
    },
  );

  it("of an endpoint are those of the model that `profile` names", async ({ server }) => {
    server.always(ofDimensions(1024));
    const embed = { model: "me/my-endpoint", profile: "BAAI/bge-large-en-v1.5" };
    await open({ baseURL: server.baseURL, embed }).embedQuery("text");
    expect(server.requests[0]?.body).toMatchObject({ model: "me/my-endpoint", input: [`${search}text`] });
  });

  it("are what a profile of the caller's says, for both kinds", async ({ server }) => {
    const profile = { queryPrompt: "query: ", documentPrompt: "passage: " };
    const door = open({ baseURL: server.baseURL, embed: { profile } });
    await door.embedQuery("text");
    await door.embedDocuments(["text"]);
    expect(server.requests.map(({ inputs }) => inputs)).toEqual([["query: text"], ["passage: text"]]);
  });

  it("are none with `profile: false`, and dimensions are not checked", async ({ server }) => {
    const embed = { model: "BAAI/bge-large-en-v1.5", profile: false as const };
    await open({ baseURL: server.baseURL, embed }).embedQuery("text");
    expect(server.requests[0]?.inputs).toEqual(["text"]);
  });

  it("of an instruct model name the caller's task, word for word", async ({ server }) => {
    server.always(ofDimensions(1024));
    const embed = { model: "intfloat/multilingual-e5-large-instruct", task: "Find $& and {task}" };
    await open({ baseURL: server.baseURL, embed }).embedQuery("text");
    expect(server.requests[0]?.inputs).toEqual(["Instruct: Find $& and {task}\nQuery: text"]);
  });
});

describe("the kind of a text", () => {
  it("is a document unless it is said to be a query", async ({ server }) => {
    const client = clientOf(server);
    const options = { model: "m", profile: { queryPrompt: "q: ", documentPrompt: "d: " } };
    await client.embed(["text"], options);
    await client.embed(["text"], { ...options, inputType: "document" });
    await client.embed(["text"], { ...options, inputType: "query" });
    expect(server.requests.map(({ inputs }) => inputs[0])).toEqual(["d: text", "d: text", "q: text"]);
  });
});
