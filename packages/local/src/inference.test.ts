import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { Brake } from "./brake.ts";
import { Inference } from "./inference.ts";
import { TextModel } from "./model.ts";

const folder = fileURLToPath(new URL("../dist/model/", import.meta.url));
const never = new AbortController().signal;

let model: TextModel;
let inference: Inference;
beforeAll(async () => {
  model = await TextModel.load(folder);
  inference = new Inference(model, new Brake());
});

describe("reading", () => {
  test("much text is done in pieces, so that others have a turn, and stops when it is given up", async () => {
    const tokens = vi.spyOn(model, "tokens");
    const controller = new AbortController();
    const long = new Array(500).fill("tea ".repeat(500));
    const given = inference.embed(long, controller.signal, () => {});
    expect(tokens.mock.calls.length).toBeLessThan(100);
    controller.abort(new Error("given up"));
    await expect(given).rejects.toThrow("given up");
    expect(tokens.mock.calls.length).toBeLessThan(100);
    tokens.mockRestore();
  });

  test("counts all tokens of a text, however long it is", async () => {
    const texts = ["", "one two", "naïve café ".repeat(20_000), "x".repeat(120_000)];
    expect(await inference.count(texts, never)).toEqual(texts.map((text) => model.count(text)));
  });
});

describe("reranking", () => {
  test("gives each of many documents the score that it has alone", async () => {
    const documents = Array.from({ length: 300 }, (_, i) => `Tea ${i}`);
    const { scores } = await inference.rerank("hot tea", documents, never);
    expect(scores).toHaveLength(300);
    for (const index of [255, 256, 299]) {
      const alone = await inference.rerank("hot tea", [documents[index] ?? ""], never);
      expect(scores[index]).toBe(alone.scores[0]);
    }
  });

  test("looks at the sentences one by one, up to the sixty-fourth", async () => {
    const filler = (count: number) => "Not at all. ".repeat(count);
    const score = async (text: string) => (await inference.rerank("hot tea", [text], never)).scores[0] ?? 0;
    // Behind 256 tokens the document itself is not read: only the sentence can tell.
    const beyond = await score(`${filler(64)}Tea is hot.`);
    expect(await score(`${filler(63)}Tea is hot.`)).toBeGreaterThan(beyond + 0.05);
  });
});
