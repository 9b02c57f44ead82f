import { describe, expect, it } from "vitest";
import { matchWords } from "./words.ts";

function matched(question: string, text: string): string[] {
  return matchWords(question)(text)
    .filter(({ isMatch }) => isMatch)
    .map((piece) => piece.text);
}

describe("the words that match", () => {
  it("are found by their stems, in any case", () => {
    expect(matched("How long do requests wait?", "A Request that waited longer")).toEqual([
      "Request",
      "waited",
    ]);
  });

  it("leave out what says nothing", () => {
    expect(matched("what is the name of it", "the name of a ship is what it is")).toEqual(["name"]);
    expect(matched("", "anything")).toEqual([]);
    expect(matched("the of and", "the of and")).toEqual([]);
  });

  it("are found inside of code's names too", () => {
    expect(matched("connections of a pool", "set maxConnections: poolSize")).toEqual(["Connections", "pool"]);
    expect(matched("PGlite clients", "a PGlite client")).toEqual(["PGlite", "client"]);
  });

  it("are found in other scripts", () => {
    expect(matched("Où est l'église ?", "une église fermée")).toEqual(["église"]);
  });

  it("lose nothing of the text between them", () => {
    const text = "  Tickets, and `tickets`:\n\ttickets! ";
    const pieces = matchWords("ticket")(text);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.filter(({ isMatch }) => isMatch)).toHaveLength(3);
  });
});
