/** Defects that LlamaIndex's own adapters have and ours do not. */
import { inspect } from "node:util";
import { OpenAIEmbedding } from "@llamaindex/openai";
import { TogetherEmbedding } from "@llamaindex/together";
import { after, answer, gate, honest, embeddings as spoiled } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import type { AwkwardServer } from "@together-retrieval/test-server/server";
import { describe, expect } from "vitest";
import { TogetherEmbeddings, TogetherResponseError } from "./index.ts";

const settings = { apiKey: "test-key", model: "test/model", maxRetries: 0 };
const theirs = ({ baseURL }: AwkwardServer) =>
  new TogetherEmbedding({ ...settings, additionalSessionOptions: { baseURL } });
const ours = ({ baseURL }: AwkwardServer) => new TogetherEmbeddings({ ...settings, baseURL });

const two = ["one", "two"];
const vectorsOfTwo = two.map((text) => vectorOf(text));

describe("TogetherEmbedding of @llamaindex/together", () => {
  it("destroys the numbers of a server that does not know base64; ours reads them", async ({ server }) => {
    // A server that does not know the argument answers with numbers.
    server.always((request, reply) => {
      const data = request.inputs.map((text, index) => ({ index, embedding: vectorOf(text) }));
      return answer(200, { data })(request, reply);
    });
    const [wrong] = await theirs(server).getTextEmbeddings(two);
    expect(server.requests[0]?.body.encoding_format).toBe("base64");
    expect(wrong).not.toHaveLength(8);
    expect(await ours(server).getTextEmbeddings(two)).toEqual(vectorsOfTwo);
    expect(server.requests[1]?.body.encoding_format).toBe("base64");
  });

  it("pays no heed to `baseURL`; ours does", async ({ server }) => {
    const { baseURL } = server;
    const embeddings = new TogetherEmbedding({ ...settings, baseURL });
    expect((await embeddings.session).baseURL).toBe("https://api.together.xyz/v1");
    await ours(server).getTextEmbedding("one");
    expect(server.requests).toHaveLength(1);
  });

  it("takes a shuffled or a short answer as it comes; ours orders the one and refuses the other", async ({
    server,
  }) => {
    const shuffled = spoiled((body) => ({ ...body, data: body.data.reverse() }));
    const short = spoiled((body) => ({ ...body, data: body.data.slice(1) }));
    server.script(shuffled, shuffled, short, short);
    const [first] = await theirs(server).getTextEmbeddings(two);
    expect(Array.from(first ?? [])).toEqual(vectorOf("two"));
    expect(await ours(server).getTextEmbeddings(two)).toEqual(vectorsOfTwo);
    expect(await theirs(server).getTextEmbeddings(two)).toHaveLength(1);
    await expect(ours(server).getTextEmbeddings(two)).rejects.toThrow(TogetherResponseError);
  });

  it("sends ten texts at a time, one request after the other; ours a hundred, at once", async ({
    server,
  }) => {
    const texts = Array.from({ length: 200 }, (_, at) => `text ${at}`);
    await theirs(server).getTextEmbeddingsBatch(texts);
    expect(server.requests).toHaveLength(20);
    expect(server.mostInFlight).toBe(1);
    const both = gate();
    server.always(after(both.opened, honest()));
    const vectors = ours(server).getTextEmbeddingsBatch(texts);
    while (server.requests.length < 22) await server.nextRequest();
    expect(server.inFlight).toBe(2);
    both.open();
    expect(await vectors).toHaveLength(200);
  });

  it("has no place for a signal; ours ends the call", async ({ server }) => {
    const signal = AbortSignal.abort("enough");
    const options = { signal } as object;
    expect(await theirs(server).getTextEmbeddingsBatch(two, options)).toHaveLength(2);
    await expect(ours(server).getTextEmbeddingsBatch(two, options)).rejects.toBe("enough");
  });
});

describe("keys", () => {
  it("stand in the console with theirs, and not with ours", ({ server }) => {
    const openAI = new OpenAIEmbedding({ ...settings, baseURL: server.baseURL });
    for (const embeddings of [theirs(server), openAI]) expect(inspect(embeddings)).toContain("test-key");
    expect(inspect(ours(server))).not.toContain("test-key");
  });
});
