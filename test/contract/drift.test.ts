/** A model's name that suddenly leads to another model: the call fails before vectors of two models are mixed. */

import { TogetherResponseError } from "@together-retrieval/core";
import { type Answer, embeddings, ranking } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { clientOf, KEY } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

/** Honest vectors in an answer that names this model. */
const named = (model: unknown): Answer => embeddings((body) => ({ ...body, model }));

describe.each(doors)("a change of the model that answers, through $name", ({ open }) => {
  it("is an error that names both, and no vector comes", async ({ server }) => {
    server.script(named("old-model"), named("old-model"));
    server.always(named("its-successor"));
    const door = open(server);
    for (const text of ["a", "b"]) expect(await door.embedQuery(text)).toEqual(vectorOf(text));
    for (const text of ["c", "d"]) {
      const error = await failureOf(door.embedDocuments([text]));
      expect(error).toBeInstanceOf(TogetherResponseError);
      expect((error as Error).message).toMatch(/its-successor, where old-model answered.*`modelDrift`/);
    }
    expect(server.requests).toHaveLength(4);
  });

  it("within one call is one, too", async ({ server }) => {
    server.script(named("old-model"));
    server.always(named("its-successor"));
    const door = open({ baseURL: server.baseURL, embed: { batchSize: 1 } });
    expect(await failureOf(door.embedDocuments(["a", "b", "c"]))).toBeInstanceOf(TogetherResponseError);
  });

  it("is none where a text contains the model's name", async ({ server }) => {
    server.always(named("the-one-embedding-model"));
    const door = open(server);
    for (const text of ["a", "the-one-embedding-model", "vectors of the-one-embedding-model", "b"])
      expect(await door.embedDocuments([text])).toEqual([vectorOf(text)]);
  });

  it('is nothing with `modelDrift: "ignore"`', async ({ server }) => {
    server.script(named("old-model"));
    server.always(named("its-successor"));
    const door = open({ baseURL: server.baseURL, embed: { modelDrift: "ignore" } });
    for (const text of ["a", "b"]) expect(await door.embedQuery(text)).toEqual(vectorOf(text));
  });

  it.for([undefined, null, "", " ", 7])(
    "is none where the answer names no model, and none where its name is not the asked one: %j",
    async (nothing, { server }) => {
      server.script(named("a-name-of-its-own"), named(nothing), named("a-name-of-its-own"));
      const door = open(server);
      for (const text of ["a", "b", "c"]) expect(await door.embedQuery(text)).toEqual(vectorOf(text));
    },
  );

  it("of a ranking is none: scores are compared within one answer", async ({ server }) => {
    const door = open(server);
    for (const model of ["one", "another"]) {
      server.script(ranking((body) => ({ ...body, model })));
      expect(await door.rerank("query", ["a"])).toHaveLength(1);
    }
  });
});

describe("what is known of models", () => {
  it("is the name that answered first, once there was an answer, without the key", async ({ server }) => {
    server.script(named("served"), named("another"));
    const client = clientOf(server);
    expect(client.answeredBy("m")).toBeUndefined();
    await client.embed(["a"], { model: "m" });
    await failureOf(client.embed(["b"], { model: "m" }));
    expect([client.answeredBy("m"), client.answeredBy("n")]).toEqual(["served", undefined]);
    server.script(named(`of ${KEY}`));
    await client.embed(["a"], { model: "n" });
    expect(client.answeredBy("n")).toMatch(/^of /);
    expect(client.answeredBy("n")).not.toContain(KEY);
  });

  it("is kept apart for each, and bounded for a client that asks for very many", async ({ server }) => {
    server.always((request, reply) => named(`served:${request.body.model}`)(request, reply));
    const client = clientOf(server);
    for (let at = 0; at < 300; at++) await client.embed(["a"], { model: `model-${at}` });
    expect(client.answeredBy("model-299")).toBe("served:model-299");
    expect(client.answeredBy("model-0")).toBeUndefined();
  });
});
