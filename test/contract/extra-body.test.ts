/** Members of a request that only one server knows. */
import * as langchain from "@together-retrieval/langchain";
import * as llamaindex from "@together-retrieval/llamaindex";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { MODEL } from "./client.ts";
import { doors } from "./doors.ts";

describe.each(doors)("`extraBody` through $name", ({ open }) => {
  it("stands in every request, beside what we write", async ({ server }) => {
    const door = open({
      baseURL: server.baseURL,
      embed: { extraBody: { truncate_prompt_tokens: -1 } },
      rerank: { extraBody: { instruction: "Find the answer" } },
    });
    await door.embedDocuments(["text"]);
    await door.rerank("query", ["text"]);
    expect(server.requests[0]?.body).toMatchObject({ input: ["text"], truncate_prompt_tokens: -1 });
    expect(server.requests[1]?.body).toMatchObject({ documents: ["text"], instruction: "Find the answer" });
  });
});

/** The options of a call to the core. */
const adapters = doors.filter(({ name }) => name !== "core");

describe.each(adapters)("objects among the options of $name", ({ open }) => {
  it("are what they were when the instance was made, whatever the caller does to them later", async ({
    server,
  }) => {
    const extraBody = { nested: { truncate: true } };
    const profile = { documentPrompt: "passage: " };
    const embed = { extraBody, profile };
    const door = open({ baseURL: server.baseURL, embed, rerank: { extraBody } });
    extraBody.nested.truncate = false;
    profile.documentPrompt = "another: ";
    await door.embedDocuments(["text"]);
    await door.rerank("query", ["text"]);
    expect(server.requests[0]?.body).toMatchObject({ input: ["passage: text"], nested: { truncate: true } });
    expect(server.requests[1]?.body).toMatchObject({ nested: { truncate: true } });
  });
});

it("an instance's data is that of the options that it was made with", ({ server }) => {
  const extraBody = { nested: { truncate: true } };
  const options = { apiKey: false, baseURL: server.baseURL, model: MODEL, extraBody } as const;
  const made = [
    new langchain.TogetherEmbeddings(options),
    new langchain.TogetherReranker(options),
    new llamaindex.TogetherEmbeddings(options),
    new llamaindex.TogetherReranker(options),
  ];
  const before = JSON.stringify(made);
  extraBody.nested.truncate = false;
  expect(JSON.stringify(made)).toBe(before);
});
