/** An empty list gives an empty list, input that does not fit is named, and the caller's input is not changed. */

import { after, gate } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

describe.each(doors)("input through $name", ({ open }) => {
  it("may be empty: the answer is, and nothing is sent", async ({ server }) => {
    const door = open(server);
    expect(await door.embedDocuments([])).toEqual([]);
    expect(await door.rerank("query", [])).toEqual([]);
    expect(server.requests).toHaveLength(0);
  });

  it.for<[string, unknown, RegExp]>([
    ["undefined", undefined, /`texts\[1\]` to be a string, got `undefined`/],
    ["null", null, /`texts\[1\]` to be a string, got `null`/],
    ["a number", 7, /`texts\[1\]` to be a string, got a number/],
    ["an array", ["nested"], /`texts\[1\]` to be a string, got an array/],
    ["an object", { text: "no" }, /`texts\[1\]` to be a string, got an object/],
  ])("with %s among the texts is a TypeError that names the index", async ([, text, words], { server }) => {
    const error = await failureOf(open(server).embedDocuments(["fine", text as string]));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(words);
    expect(server.requests).toHaveLength(0);
  });

  it("with a hole among the texts is a TypeError that names the index", async ({ server }) => {
    const texts = ["fine"];
    texts[2] = "fine too";
    await expect(open(server).embedDocuments(texts)).rejects.toThrow(/`texts\[1\]`.*undefined/);
  });

  it("that is no array of texts is a TypeError", async ({ server }) => {
    const error = await failureOf(open(server).embedDocuments("one text" as unknown as string[]));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(/`texts` to be an array of strings, got a string/);
  });

  it("without a query is a TypeError that names it", async ({ server }) => {
    for (const query of [undefined, null, "", "  "]) {
      const error = await failureOf(open(server).rerank(query as string, ["a document"]));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/`query`/);
    }
    expect(server.requests).toHaveLength(0);
  });

  it("is never changed, and may be frozen", async ({ server }) => {
    const texts = Object.freeze(["b", "a", "b"]) as string[];
    const door = open(server);
    expect(await door.embedDocuments(texts)).toEqual(["b", "a", "b"].map((text) => vectorOf(text)));
    expect(await door.rerank("query", texts)).toHaveLength(3);
    expect(texts).toEqual(["b", "a", "b"]);
  });

  it("is read once: what the caller does to it meanwhile changes nothing", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(after(opened));
    const texts = ["first", "second"];
    const found = open(server).embedDocuments(texts);
    await server.nextRequest();
    texts.reverse();
    texts.push("third");
    release();
    expect(await found).toEqual([vectorOf("first"), vectorOf("second")]);
  });

  it("may hold any text: empty, of spaces, of emoji, with control characters and halves of pairs", async ({
    server,
  }) => {
    const texts = [
      "",
      " ",
      "\u0000\n\t",
      "👩‍👩‍👧 ok",
      "half \ud83d",
      "\udc00 half",
      "\\\"'<>&",
      "x".repeat(10_000),
    ];
    expect(await open(server).embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
  });
});
