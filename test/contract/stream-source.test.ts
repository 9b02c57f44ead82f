/** A stream's source is closed in any case, and its own errors are thrown. */
import { getEventListeners } from "node:events";
import { setImmediate as soon } from "node:timers/promises";
import { refuse, silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { failureOf } from "./failure.ts";
import { aside, type Counted, count, counted } from "./sources.ts";

const options = { model: MODEL, batchSize: 2 };

const kinds: [string, (length: number) => Counted][] = [
  ["a sync source", (length) => counted(count(length))],
  ["an async source", (length) => counted(aside(count(length)))],
];

describe("the source of a stream", () => {
  it.for(kinds)("is closed once when the consumer breaks off: %s", async ([, make], { server }) => {
    const source = make(1_000);
    for await (const { index } of clientOf(server).embedStream(source.items, options)) if (index === 3) break;
    expect(source.closed).toBe(1);
  });

  it.for(kinds)("is closed once when the consumer throws: %s", async ([, make], { server }) => {
    const source = make(1_000);
    const consume = async () => {
      for await (const _ of clientOf(server).embedStream(source.items, options))
        throw new Error("the consumer's");
    };
    await expect(consume()).rejects.toThrow("the consumer's");
    expect(source.closed).toBe(1);
  });

  it.for(kinds)("is closed once when a request fails: %s", async ([, make], { server }) => {
    const source = make(1_000);
    server.always(refuse(401));
    await expect(clientOf(server).embedStream(source.items, options).next()).rejects.toMatchObject({
      status: 401,
    });
    expect(source.closed).toBe(1);
  });

  it.for(kinds)("is closed once when the signal aborts: %s", async ([, make], { server }) => {
    const source = make(1_000);
    const controller = new AbortController();
    const stream = clientOf(server).embedStream(source.items, { ...options, signal: controller.signal });
    await stream.next();
    controller.abort("enough");
    expect(await failureOf(stream.next())).toBe("enough");
    expect(source.closed).toBe(1);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it.for(kinds)(
    "is closed when the signal aborts, even if the consumer does not come back: %s",
    { timeout: 5_000 },
    async ([, make], { server }) => {
      const source = make(1_000);
      const controller = new AbortController();
      const stream = clientOf(server).embedStream(source.items, { ...options, signal: controller.signal });
      await stream.next();
      controller.abort("enough");
      while (source.closed === 0) await soon();
      const { read } = source;
      expect(await failureOf(stream.next())).toBe("enough");
      expect(source).toMatchObject({ read, closed: 1 });
    },
  );

  it.for(kinds)("is not closed when it ended by itself: %s", async ([, make], { server }) => {
    const source = make(7);
    for await (const _ of clientOf(server).embedStream(source.items, options));
    expect(source).toMatchObject({ read: 7, closed: 0 });
  });

  it("that throws has its error thrown, after the items that it gave before", async ({ server }) => {
    const trouble = new Error("the source broke");
    const source = (function* () {
      yield* count(5);
      throw trouble;
    })();
    const found: number[] = [];
    const consume = async () => {
      for await (const { index } of clientOf(server).embedStream(source, options)) found.push(index);
    };
    expect(await failureOf(consume())).toBe(trouble);
    expect(found).toEqual([0, 1, 2, 3, 4]);
  });

  it("that is silent does not hold up an abort", async ({ server }) => {
    const controller = new AbortController();
    const silent = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => new Promise<never>(() => {}),
      }),
    };
    const stream = clientOf(server).embedStream<string>(silent, { ...options, signal: controller.signal });
    const failure = failureOf(stream.next());
    await soon();
    controller.abort("no more waiting");
    expect(await Promise.race([failure, soon("too late")])).toBe("no more waiting");
  });

  it("that never finishes closing does not hold up an abort", async ({ server }) => {
    server.always(silence);
    const controller = new AbortController();
    const numbers = count(100);
    const next = async () => numbers.next();
    const source = { [Symbol.asyncIterator]: () => ({ next, return: () => new Promise<never>(() => {}) }) };
    const stream = clientOf(server).embedStream(source, { ...options, signal: controller.signal });
    const failure = failureOf(stream.next());
    await server.nextRequest();
    controller.abort("no more waiting");
    expect(await Promise.race([failure, soon("too late")])).toBe("no more waiting");
  });

  it("that fails to close does not hide why the stream ended", async ({ server }) => {
    const controller = new AbortController();
    for (const close of [
      () => Promise.reject(new Error("close")),
      () => {
        throw new Error("close");
      },
    ]) {
      const numbers = count(100);
      const source = { [Symbol.iterator]: () => ({ next: () => numbers.next(), return: close }) };
      server.always(refuse(401));
      const stream = clientOf(server).embedStream(source as unknown as Iterable<string>, options);
      expect(await failureOf(stream.next())).toMatchObject({ status: 401 });
      server.always(silence);
      const stopped = clientOf(server).embedStream(source as unknown as Iterable<string>, {
        ...options,
        signal: controller.signal,
      });
      const failure = failureOf(stopped.next());
      await soon();
      controller.abort("the reason");
      expect(await failure).toBe("the reason");
    }
  });

  it("that cannot even start leaves no listener", async ({ server }) => {
    const { signal } = new AbortController();
    const trouble = new Error("no iterator");
    const source = {
      [Symbol.iterator]: () => {
        throw trouble;
      },
    };
    expect(
      await failureOf(
        clientOf(server)
          .embedStream<string>(source, { ...options, signal })
          .next(),
      ),
    ).toBe(trouble);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("that cannot be read item by item is a TypeError", ({ server }) => {
    for (const source of [undefined, null, 7, {}, "a text"])
      expect(() => clientOf(server).embedStream(source as string[], options)).toThrow(
        /`source` to be an Iterable/,
      );
  });
});
