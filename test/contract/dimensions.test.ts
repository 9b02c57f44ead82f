/** Vectors cut to their first numbers, for models that are trained for it. */
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

/** What the option promises, written out: the first `count` numbers, divided by the root of the sum of their squares. */
function shortened(vector: readonly number[], count: number): number[] {
  let squares = 0;
  for (let at = 0; at < count; at++) squares += (vector[at] as number) ** 2;
  return vector.slice(0, count).map((value) => value / Math.sqrt(squares));
}

describe.each(doors)("dimensions through $name", ({ open }) => {
  const profile = { dimensions: 8, minDimensions: 2 };

  it.for([2, 5, 8])(
    "%i are the first numbers, scaled to length 1, to the last bit",
    async (dimensions, { server }) => {
      const door = open({ baseURL: server.baseURL, embed: { profile, dimensions } });
      expect(await door.embedDocuments(["one", "two"])).toEqual([
        shortened(vectorOf("one"), dimensions),
        shortened(vectorOf("two"), dimensions),
      ]);
      expect(await door.embedQuery("three")).toEqual(shortened(vectorOf("three"), dimensions));
      expect(server.requests[0]?.body).not.toHaveProperty("dimensions");
    },
  );

  it("are cut from the mean of a long text's whole vectors, not from its pieces'", async ({ server }) => {
    const letters = {
      encode: (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0),
      decode: (ids: number[]) => String.fromCodePoint(...ids),
    };
    const long = { ...profile, tokenizer: letters, maxTokens: 6 };
    const [pieces, weights] = [
      ["abcd", "ef"],
      [4, 2],
    ];
    const mean = vectorOf("").map((_, at) =>
      pieces.reduce((sum, piece, of) => sum + (vectorOf(piece)[at] ?? 0) * (weights[of] ?? 0), 0),
    );
    const door = open({
      baseURL: server.baseURL,
      embed: { profile: long, longInput: "average", dimensions: 3 },
    });
    expect(await door.embedDocuments(["abcdef"])).toEqual([shortened(shortened(mean, 8), 3)]);
    expect(server.requests.flatMap(({ inputs }) => inputs).toSorted()).toEqual(pieces);
  });

  it("leave the check of the whole vector as it is", async ({ server }) => {
    const door = open({
      baseURL: server.baseURL,
      embed: { profile: { ...profile, dimensions: 9 }, dimensions: 2 },
    });
    expect(String(await failureOf(door.embedDocuments(["one"])))).toMatch(/8 dimensions/);
  });

  it.for([1, 9])("%i is refused where the profile says from 2 to 8", async (dimensions, { server }) => {
    const opened = async () =>
      open({ baseURL: server.baseURL, embed: { profile, dimensions } }).embedQuery("one");
    expect(String(await failureOf(opened()))).toMatch(
      /TypeError: Expected `dimensions` to be an integer from 2 to 8/,
    );
    expect(server.requests).toHaveLength(0);
  });
});
