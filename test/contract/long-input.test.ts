/** What happens to a text over the model's limit, in which the prompt and special tokens count. */

import { embeddings, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { clientOf } from "./client.ts";
import { doors, type Settings } from "./doors.ts";
import { failureOf } from "./failure.ts";

/** One token for each character. */
const letters = {
  encode: (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0),
  decode: (ids: number[]) => String.fromCodePoint(...ids),
};

/** One token for each word. Like WordPiece, decoding restores neither spaces nor case. */
const words = {
  encode: (text: string) => Array.from(text.matchAll(/\S+/g), (_, at) => at),
  decode: (ids: number[]) => ids.map(() => "word").join(" "),
};

const profile = { maxTokens: 12, specialTokens: 2, documentPrompt: "d: ", tokenizer: letters };
/** Twelve tokens, of which two are special and three the prompt's. */
const ROOM = 7;

const settings = (baseURL: string, longInput: "error" | "truncate" | "average", more = {}): Settings => ({
  baseURL,
  embed: { profile: { ...profile, ...more }, longInput },
});

const sent = (requests: { inputs: string[] }[]) => requests.flatMap(({ inputs }) => inputs).toSorted();

describe.each(doors)("a long text through $name", ({ open }) => {
  it("is sent as it is, unless something else is asked for", async ({ server }) => {
    await open({ baseURL: server.baseURL, embed: { profile } }).embedDocuments(["0123456789"]);
    expect(sent(server.requests)).toEqual(["d: 0123456789"]);
  });

  it("is an error that names its index, before anything is sent", async ({ server }) => {
    const door = open(settings(server.baseURL, "error"));
    const error = await failureOf(door.embedDocuments(["short", "fits it", "one too many"]));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: /text 2 .*at most 12 tokens, got 17/ });
    expect((error as Error).message).not.toContain("too many");
    expect(server.requests).toHaveLength(0);
    expect(await door.embedDocuments(["short", "fits it"])).toHaveLength(2);
  });

  it("is cut to the limit, to the very token", async ({ server }) => {
    const given = ["0123456789", "0123456", "012345"];
    await open(settings(server.baseURL, "truncate")).embedDocuments(given);
    expect(sent(server.requests)).toEqual(["d: 012345", "d: 0123456", "d: 0123456"]);
  });

  it("is cut in queries with the query's prompt counted in", async ({ server }) => {
    const more = { queryPrompt: "query: " };
    await open(settings(server.baseURL, "truncate", more)).embedQuery("0123456789");
    expect(sent(server.requests)).toEqual(["query: 012"]);
  });

  it("is cut with a tokenizer that does not give the text back, and keeps the text's own letters", async ({
    server,
  }) => {
    const more = { tokenizer: words, maxTokens: 6 };
    await open(settings(server.baseURL, "truncate", more)).embedDocuments(["One  Two\tThree Four Five"]);
    expect(server.requests[0]?.inputs[0]?.trimEnd()).toBe("d: One  Two\tThree");
  });

  it("is never cut inside a character", async ({ server }) => {
    const bytes = {
      encode: (text: string) => Array.from(text, (_, at) => at).concat(Array.from(text, (_, at) => at)),
      decode: () => "",
    };
    const more = { tokenizer: bytes, documentPrompt: "", maxTokens: 7 };
    await open(settings(server.baseURL, "truncate", more)).embedDocuments(["😀😀😀😀"]);
    expect(sent(server.requests)).toEqual(["😀😀"]);
  });

  it("becomes the mean of its pieces, weighted by their length and scaled to length 1", async ({
    server,
  }) => {
    const text = "abcdefghijklmnopq";
    const pieces = ["abcdefg", "hijklmn", "opq"];
    const door = open(settings(server.baseURL, "average"));
    const [vector, short] = await door.embedDocuments([text, "short"]);
    expect(sent(server.requests)).toEqual([...pieces, "short"].map((piece) => `d: ${piece}`));
    const parts = pieces.map((piece) => ({ vector: vectorOf(`d: ${piece}`), weight: piece.length }));
    const mean = vectorOf("").map(
      (_, at) => parts.reduce((sum, part) => sum + (part.vector[at] ?? 0) * part.weight, 0) / text.length,
    );
    expect(vector).toHaveLength(mean.length);
    const length = Math.hypot(...mean);
    for (const [at, value] of mean.entries()) expect(vector?.[at]).toBeCloseTo(value / length, 12);
    expect(short).toEqual(vectorOf("d: short"));
  });

  it("in pieces is one text to progress, order and refusals", async ({ server }) => {
    const told: number[] = [];
    const door = open({ ...settings(server.baseURL, "average"), client: {} });
    const texts = ["short", "x".repeat(3 * ROOM), "short"];
    await door.embedDocuments(texts, { onProgress: ({ done }) => told.push(done) });
    expect(told.at(-1)).toBe(3);
    server.always((request, reply) =>
      (request.inputs.includes("d: bad") ? refuse(400) : embeddings((body) => body))(request, reply),
    );
    const error = await failureOf(door.embedDocuments(["short", `${"y".repeat(2 * ROOM)}bad`]));
    expect(error).toMatchObject({ status: 400, inputIndex: 1 });
  });

  it("needs a tokenizer and a limit for anything but sending it", async ({ server }) => {
    for (const missing of ["tokenizer", "maxTokens"]) {
      const failure = failureOf(
        (async () =>
          open(settings(server.baseURL, "truncate", { [missing]: undefined })).embedDocuments(["text"]))(),
      );
      expect(await failure).toBeInstanceOf(TypeError);
      expect(((await failure) as Error).message).toContain(`\`profile.${missing}\``);
    }
    expect(server.requests).toHaveLength(0);
  });

  it("leaves no room where the prompt fills the limit: a TypeError says so", async ({ server }) => {
    const door = open(settings(server.baseURL, "truncate", { documentPrompt: "a long prompt: " }));
    await expect(door.embedDocuments(["0123456789"])).rejects.toThrow(/prompt.*12 tokens/);
  });
});

describe("a long text in a stream", () => {
  it("is named by its place in the stream", async ({ server }) => {
    const options = { model: "m", batchSize: 1, profile, longInput: "error" as const };
    const stream = clientOf(server).embedStream(["a", "b", "c", "d", "e", "far too long"], options);
    const consume = async () => {
      for await (const _ of stream);
    };
    await expect(consume()).rejects.toThrow(/text 5 /);
  });

  it("counts once in the progress, even if all of its pieces are refused", async ({ server }) => {
    server.always(refuse(422));
    const done: number[] = [];
    const stream = clientOf(server).embedStream(["0123456789", "01234567890123456789"], {
      ...{ model: "m", batchSize: 1, profile, longInput: "average" as const, onError: "yield" as const },
      onProgress: (progress) => done.push(progress.done),
    });
    for await (const outcome of stream) expect(outcome).toHaveProperty("error");
    expect(done).toEqual([1, 2]);
  });

  it("counts two special tokens unless the profile says otherwise", async ({ server }) => {
    const bare = { maxTokens: 5, tokenizer: letters };
    const options = { model: "m", longInput: "truncate" as const };
    await clientOf(server).embed(["0123456789"], { ...options, profile: bare });
    await clientOf(server).embed(["0123456789"], { ...options, profile: { ...bare, specialTokens: 0 } });
    expect(sent(server.requests)).toEqual(["012", "01234"]);
  });
});
