import { expect, test } from "vitest";
import { Lessons } from "./learned.ts";

test("what is learned is kept for 200 models and routes; the least recently used is forgotten", () => {
  const lessons = new Lessons();
  const [first, second] = ["model 0", "model 1"].map((model) => lessons.of("/embeddings", model));
  for (let at = 2; at < 200; at++) lessons.of("/embeddings", `model ${at}`);
  expect(lessons.of("/embeddings", "model 0")).toBe(first);
  lessons.of("/rerank", "model 0");
  expect(lessons.of("/embeddings", "model 0")).toBe(first);
  expect(lessons.of("/embeddings", "model 1")).not.toBe(second);
});
