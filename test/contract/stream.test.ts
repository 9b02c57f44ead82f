/** An endless source -> vectors in its order, with only a few items read ahead. */
import { setTimeout as delay, setImmediate as soon } from "node:timers/promises";
import { after, gate, honest, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { aside, type Counted, count, counted, readable } from "./sources.ts";

const options = { model: MODEL, batchSize: 2 };

const kinds: [string, (length: number) => Counted][] = [
  ["a sync source", (length) => counted(count(length))],
  ["an async source", (length) => counted(aside(count(length)))],
];

describe("a stream", () => {
  it.for<[string, () => Iterable<string> | AsyncIterable<string>]>([
    ["an array", () => ["text 0", "text 1", "text 2"]],
    ["a set", () => new Set(["text 0", "text 1", "text 2"])],
    ["a generator", () => count(3)],
    ["an async generator", () => aside(count(3))],
    ["a ReadableStream", () => readable(count(3))],
  ])("takes %s and keeps its order", async ([, source], { server }) => {
    const found = [];
    for await (const one of clientOf(server).embedStream(source(), options)) found.push(one);
    const expected = [...count(3)].map((item, index) => ({ item, index, vector: vectorOf(item) }));
    expect(found).toEqual(expected);
  });

  it("gives nothing for an empty source, and sends nothing", async ({ server }) => {
    for (const source of [[], aside([])])
      expect((await clientOf(server).embedStream<string>(source, options).next()).done).toBe(true);
    expect(server.requests).toHaveLength(0);
  });

  it("of equal texts sends them once a batch, and gives each its own array", async ({ server }) => {
    const vectors = [];
    for await (const { vector } of clientOf(server).embedStream(["same", "same"], options))
      vectors.push(vector);
    expect(vectors).toEqual([vectorOf("same"), vectorOf("same")]);
    expect(vectors[0]).not.toBe(vectors[1]);
    expect(server.requests.map(({ inputs }) => inputs)).toEqual([["same"]]);
  });

  it("keeps the order whatever the delays, the repetitions, the sizes and the source", async ({ server }) => {
    let turns: number[] = [];
    server.always(async (request, reply) => {
      const turn = turns.shift() ?? 0;
      for (let wait = turn; wait > 0; wait--) await soon();
      await (turn === 7 ? refuse(503, {}, { "retry-after-ms": "1" }) : honest())(request, reply);
    });
    const cases = fc.record({
      length: fc.nat(60),
      batchSize: fc.integer({ min: 1, max: 9 }),
      maxConcurrency: fc.integer({ min: 1, max: 6 }),
      delays: fc.array(fc.nat(9), { maxLength: 40 }),
      isAsync: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ length, batchSize, maxConcurrency, delays, isAsync }) => {
        turns = [...delays];
        const source = isAsync ? aside(count(length)) : count(length);
        const found = [];
        const stream = clientOf(server, { maxConcurrency, maxRetries: 50 }).embedStream(source, {
          model: MODEL,
          batchSize,
        });
        for await (const one of stream) found.push(one);
        expect(found).toEqual(
          [...count(length)].map((item, index) => ({ item, index, vector: vectorOf(item) })),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("takes any items, with the text that `text` finds in them, and gives the items back", async ({
    server,
  }) => {
    const items = [
      { id: 1, body: "one" },
      { id: 2, body: "two" },
    ];
    const stream = clientOf(server).embedStream(items, { ...options, text: ({ body }) => body });
    const found = [];
    for await (const { item, vector } of stream) found.push({ item, vector });
    expect(found.map(({ item }) => item)).toEqual(items);
    expect(found[0]?.item).toBe(items[0]);
    expect(found.map(({ vector }) => vector)).toEqual([vectorOf("one"), vectorOf("two")]);
  });

  it("sends as few requests as there are full batches", async ({ server }) => {
    for await (const _ of clientOf(server).embedStream(count(1_000), { model: MODEL }));
    expect(server.requests).toHaveLength(10);
  });

  it.for(kinds)(
    "reads no further ahead of its consumer than the window: %s",
    async ([, make], { server }) => {
      const source = make(10_000);
      const window = 2 * 3 * options.batchSize;
      let taken = 0;
      for await (const _ of clientOf(server, { maxConcurrency: 3 }).embedStream(source.items, options)) {
        if (taken % 10 === 0) await soon();
        expect(source.read - taken).toBeLessThanOrEqual(window);
        if (++taken === 200) break;
      }
      expect(source.closed).toBe(1);
    },
  );

  it("reads nothing before it is asked", async ({ server }) => {
    const source = counted(count(10));
    clientOf(server).embedStream(source.items, options);
    await soon();
    expect(source.read).toBe(0);
  });

  it("gives what it has when its source is slow, be the window full or not", { timeout: 5_000 }, async ({
    server,
  }) => {
    for (const maxConcurrency of [1, 2, 3, 5, 7, 16]) {
      for (const ready of [1, 2, 3, 4, 5, 7, 10, 13]) {
        const source = (async function* () {
          yield* count(ready);
          await new Promise(() => {});
        })();
        const stream = clientOf(server, { maxConcurrency }).embedStream(source, {
          model: MODEL,
          batchSize: 1,
        });
        for (let index = 0; index < ready; index++)
          expect((await stream.next()).value, `${maxConcurrency} at once, ${ready} ready`).toMatchObject({
            index,
          });
      }
    }
  });

  it("collects what comes while its requests are out", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(after(opened));
    const source = (async function* () {
      yield "first";
      await server.nextRequest();
      yield "second";
      // Longer than the stream waits before it decides that its source is idle.
      await delay(20);
      yield "third";
      release();
    })();
    for await (const _ of clientOf(server).embedStream(source, { model: MODEL }));
    expect(server.requests.map(({ inputs }) => inputs)).toEqual([["first"], ["second", "third"]]);
  });

  it("gives what it has when it was full while its work ended", async ({ server }) => {
    const source = (async function* () {
      yield* count(10);
      await new Promise(() => {});
    })();
    const stream = clientOf(server, { maxConcurrency: 5 }).embedStream(source, {
      model: MODEL,
      batchSize: 1,
    });
    await stream.next();
    while (server.inFlight > 0) await soon();
    // Longer than the stream waits before it decides that its source is idle.
    await delay(20);
    for (let index = 1; index < 10; index++) expect((await stream.next()).value).toMatchObject({ index });
  });

  it("keeps its requests within `maxConcurrency`", async ({ server }) => {
    for await (const _ of clientOf(server, { maxConcurrency: 2 }).embedStream(count(50), options));
    expect(server.mostInFlight).toBeLessThanOrEqual(2);
  });

  it("tells `onProgress` what is done of what was read", async ({ server }) => {
    const told: { done: number; total: number }[] = [];
    const stream = clientOf(server).embedStream(count(5), {
      ...options,
      onProgress: (news) => told.push(news),
    });
    for await (const _ of stream);
    expect(told.at(-1)).toEqual({ done: 5, total: 5 });
  });
});
