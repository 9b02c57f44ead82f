import { expect, test } from "vitest";
import { FaultPlan } from "./fault-plan.ts";

test("latency never exceeds what a timer takes: beyond it, Node would wait for nothing at all", () => {
  const plan = new FaultPlan({ latency: { fixedMs: 2 ** 31 - 1, perTextMs: 1000 } });
  expect(plan.next("embeddings", 10).latencyMs).toBe(2 ** 31 - 1);
});
