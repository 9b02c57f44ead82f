import { bertTokenizer } from "@together-retrieval/tokenizers";
import { describe, expect, it } from "vitest";
import { chunksOf, documentsOf } from "./chunks.ts";
import { joinDocuments } from "./long-documents.ts";

const collection = {
  name: "ten",
  documents: Array.from({ length: 10 }, (_, at) => ({ id: `d${at}`, text: `text ${at}` })),
  queries: [{ id: "q", text: "?" }],
  judgements: new Map([
    [
      "q",
      new Map([
        ["d0", 1],
        ["d7", 3],
      ]),
    ],
  ]),
};

describe("documents made long", () => {
  it("hold each of the collection's once, and are relevant where one of theirs is", () => {
    const { documents, judgements } = joinDocuments(collection, 4);
    expect(documents.map(({ text }) => text.split("\n\n").length)).toEqual([4, 4, 2]);
    const texts = documents.flatMap(({ text }) => text.split("\n\n"));
    expect(texts.toSorted()).toEqual(collection.documents.map(({ text }) => text));
    expect(texts).not.toEqual(texts.toSorted());
    for (const [id, grade] of judgements.get("q") ?? []) {
      const text = documents.find((document) => document.id === id)?.text ?? "";
      expect(grade).toBe(text.includes("text 7") ? 3 : 1);
    }
    expect(joinDocuments(collection, 4)).toEqual(joinDocuments(collection, 4));
  });
});

describe("chunks", () => {
  it("are whole words of at most so many tokens, and nothing is lost", () => {
    const text = `unaffable words, ${"some more of them ".repeat(20)}`;
    const chunks = chunksOf({ id: "a#1", text }, bertTokenizer(), 8);
    for (const chunk of chunks) expect(bertTokenizer().encode(chunk.text).length).toBeLessThanOrEqual(8);
    expect(chunks.map((chunk) => chunk.text).join(" ")).toBe(text.trim());
    expect(documentsOf(["b#0", "a#1#3", "b#2", "c#0"], 2)).toEqual(["b", "a#1"]);
  });
});
