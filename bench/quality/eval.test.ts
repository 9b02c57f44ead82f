/** The whole of `npm run eval`, on a very small collection, with the local server's model. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readArguments } from "./arguments.ts";
import { drawSvg } from "./charts.ts";
import { type Keeper, startKeeper } from "./keeper.ts";
import { type OpenModel, openLocal } from "./models.ts";
import { compareDoors } from "./parity.ts";
import { rowsOf } from "./scores.ts";
import { hybrid } from "./studies/hybrid.ts";
import { long } from "./studies/long.ts";
import { quality } from "./studies/quality.ts";
import type { Setup } from "./studies/study.ts";
import { table } from "./tables.ts";

const facts = [
  "The Danube flows through ten countries and empties into the Black Sea.",
  "A violin has four strings tuned in perfect fifths.",
  "Sourdough bread rises with wild yeast and lactic bacteria.",
  "The heart of a blue whale weighs about as much as a small car.",
  "Saturn's rings are made mostly of water ice.",
  "Chess is played on a board of sixty-four squares.",
  "Honey bees tell each other the way to flowers by dancing.",
  "Granite is an igneous rock of quartz, feldspar and mica.",
];
const questions: [string, number][] = [
  ["Which river reaches the Black Sea?", 0],
  ["What makes sourdough rise?", 2],
  ["How do insects share where food is?", 6],
  ["What are the rings of a planet made of?", 4],
];
const collection = {
  name: "facts",
  documents: facts.map((text, at) => ({
    id: `f${at}`,
    text: `${text} ${"Nothing else is said here. ".repeat(12).trim()}`,
  })),
  queries: questions.map(([text], at) => ({ id: `q${at}`, text })),
  judgements: new Map(questions.map(([, fact], at) => [`q${at}`, new Map([[`f${fact}`, 1]])])),
};

let opened: OpenModel;
let keeper: Keeper;
let setup: Setup;
beforeAll(async () => {
  opened = await openLocal();
  keeper = await startKeeper(opened.source);
  setup = { ...opened, collection, api: keeper, candidates: 4, say: () => {} };
});
afterAll(async () => {
  await keeper.close();
  await opened.close();
});

describe("the evaluation", () => {
  it("gets the same numbers through LangChain, LlamaIndex and by hand", async () => {
    const { body, chart } = await quality(setup);
    expect(body).toContain("40 numbers through LangChain, LlamaIndex, by hand: all equal.");
    expect(body.match(/^\| (?:vectors|BM25|BM25 \+ vectors)(?:, reranked)? .*$/gm)).toHaveLength(5);
    // Together, all doors asked for no more than one of them needs.
    expect(keeper.asked.texts).toBe(facts.length + questions.length);
    if (!chart) throw new Error("Expected a chart");
    expect(await drawSvg(chart)).toMatch(/^<svg.*BM25 \+ vectors, reranked.*<\/svg>\n$/s);
  });

  it("ranks by an index of ingest's: by vector as by hand, by words, and by both", async () => {
    const [{ body }, byHand] = [await hybrid(setup), await quality(setup)];
    expect(body.match(/^\| (?:vectors|words|hybrid)(?:, reranked)? .*$/gm)).toHaveLength(6);
    const scores = (page: string, name: string) =>
      page
        .split("\n")
        .find((line) => line.startsWith(`| ${name} `))
        ?.match(/[01]\.\d+/g);
    expect(scores(body, "vectors")).toHaveLength(4);
    expect(scores(body, "vectors")).toEqual(scores(byHand.body, "vectors"));
  }, 120_000);

  it("finds that cutting a text here and at the server is the same to the last digit", async () => {
    const { body } = await long(setup);
    const numbers = (setting: string) =>
      body
        .split("\n")
        .find((line) => line.includes(setting))
        ?.split("|")
        .slice(2, 6);
    expect(numbers('"truncate"')).toEqual(numbers('"send"'));
    expect(numbers('"average"')).not.toEqual(numbers('"send"'));
  });

  it("says where two doors differ", () => {
    const rankings = { vectors: collection.queries.map(() => ["f0"]) };
    const other = { vectors: collection.queries.map(() => ["f1"]) };
    expect(() => compareDoors(collection, { one: rankings, two: other })).toThrow(
      "nDCG@10 of vectors is 0.25 through one, 0 through two",
    );
  });

  it("compares every row with the first", () => {
    const right = collection.queries.map((_, at) => [`f${questions[at]?.[1]}`]);
    const [first, second] = rowsOf(collection, { none: collection.queries.map(() => []), right });
    expect(first?.gain).toBeUndefined();
    expect(second).toMatchObject({ means: { "MRR@10": 1 }, gain: { mean: 1, interval: [1, 1] } });
    expect(table(["a", "b"], [["long cell", "1"]])).toBe(
      "| a         | b   |\n| --------- | --- |\n| long cell | 1   |",
    );
  });
});

describe("its command line", () => {
  const read = (...words: string[]) => readArguments(words, ["quality", "long"]);

  it("measures the default studies of a collection with the local server", () => {
    expect(read("folder")).toMatchObject({
      folder: "folder",
      studies: ["quality", "long"],
      candidates: 20,
      live: undefined,
    });
    expect(read("--", "folder", "--study", "long").studies).toEqual(["long"]);
    expect(read("folder").command("long")).toBe("npm run eval -- FOLDER --study long");
  });

  it("is live with two models", () => {
    const { live, command } = read("folder", "--live", "--model", "a", "--reranker", "b");
    expect(live).toEqual({ model: "a", reranker: "b" });
    expect(command("quality")).toBe("npm run eval -- FOLDER --study quality --live --model a --reranker b");
  });

  it.for([
    [[], /one folder .* got 0/],
    [["a", "b"], /one folder .* got 2/],
    [["a", "--study", "none"], /--study to be one of quality, long, got none/],
    [["a", "--candidates", "few"], /--candidates .* got few/],
    [["a", "--live"], /--live needs --model and --reranker/],
    [["a", "--model", "a"], /go with --live/],
    [["--lvie"], /--lvie/],
  ] as const)("refuses %j", ([words, message]) => {
    expect(() => read(...words)).toThrow(message);
  });
});
