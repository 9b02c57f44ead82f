/** A signal stops a call at once, at any point of its work, and no timer, listener or request is left. */
import { getEventListeners } from "node:events";
import { setImmediate as soon } from "node:timers/promises";
import { TogetherClient } from "@together-retrieval/core";
import {
  after,
  gate,
  halfBody,
  headersOnly,
  honest,
  refuse,
  silence,
} from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import type { AwkwardServer } from "@together-retrieval/test-server/server";
import { describe, expect } from "vitest";
import { KEY } from "./client.ts";
import { type Door, doors, type OpenDoor } from "./doors.ts";
import { failureOf } from "./failure.ts";

const retryAfter = { "retry-after": "50" };

interface Scene {
  server: AwkwardServer;
  /** Opens the door with a client of its own. */
  door: OpenDoor;
  /** Resolves once the client has reported a retry. */
  retried: Promise<void>;
}

/** Prepares the server, or the queue. The promise that it returns resolves once the call has reached the point at which it will be aborted. */
const phases: Record<string, (scene: Scene) => Promise<() => Promise<unknown>>> = {
  "in the queue": async ({ server, door }) => {
    server.script(silence);
    door.embedDocuments(["before it in the queue"]).catch(() => {});
    await server.nextRequest();
    return soon;
  },
  "in a backoff": async ({ server, retried }) => {
    server.always(refuse(503, {}, retryAfter));
    return () => retried;
  },
  "in a pause of the client": async ({ server, retried }) => {
    server.always(refuse(429, {}, retryAfter));
    return () => retried;
  },
  "while it waits for headers": async ({ server }) => {
    server.always(silence);
    return () => server.nextRequest();
  },
  "while it waits for the body": async ({ server }) => {
    server.always(headersOnly);
    return () => server.nextRequest();
  },
  "within the body": async ({ server }) => {
    server.always(halfBody);
    return () => server.nextRequest();
  },
};

function setScene(server: AwkwardServer, open: Door["open"]): Scene {
  const { opened: retried, open: onRetry } = gate();
  const shared = new TogetherClient({ apiKey: KEY, baseURL: server.baseURL, maxConcurrency: 1, onRetry });
  return { server, retried, door: open({ shared }) };
}

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

/** The calls to abort, of the doors that can pass a signal. */
function worksOf({ cannot }: Door): [string, (door: OpenDoor, signal: AbortSignal) => Promise<unknown>][] {
  const embeds: ReturnType<typeof worksOf> = [
    ["embedding", (door, signal) => door.embedDocuments(["text", "another"], { signal })],
    ["a query", (door, signal) => door.embedQuery("text", { signal })],
  ];
  if (cannot.rerankWithSignal) return embeds;
  return [...embeds, ["ranking", (door, signal) => door.rerank("query", ["document"], { signal })]];
}

const cases = doors.flatMap((door) =>
  worksOf(door).map(([what, work]) => ({ what, work, door: door.name, open: door.open })),
);

describe.each(cases)("a signal stops $what through $door", ({ work, open }) => {
  it.for(Object.entries(phases))("%s, within a tick, with its reason", async ([, phase], { server }) => {
    const scene = setScene(server, open);
    const controller = new AbortController();
    const reason = new Error("stopped by the test");
    const reached = await phase(scene);
    const before = server.requests.length;
    const failure = failureOf(work(scene.door, controller.signal));
    await reached();
    const sent = server.requests.length;
    controller.abort(reason);
    expect(await Promise.race([failure, soon("too late")])).toBe(reason);
    expect(listeners(controller.signal)).toBe(0);
    for (const request of server.requests.slice(before))
      expect(await request.whenOver()).toBe(request.replied ? "answered" : "closed");
    expect(server.requests).toHaveLength(sent);
  });

  it("before it starts: nothing is sent", async ({ server }) => {
    const reason = new Error("stopped before");
    const signal = AbortSignal.abort(reason);
    expect(await failureOf(work(open(server), signal))).toBe(reason);
    expect(listeners(signal)).toBe(0);
    await open(server).embedQuery("a round trip, in which anything sent would have come");
    expect(server.requests).toHaveLength(1);
  });

  it.for([[undefined], [null], [0], [""], [false], ["a string"], [{ code: 7 }]])(
    "and rejects with the reason itself: %o",
    async ([reason], { server }) => {
      server.always(silence);
      const controller = new AbortController();
      const failure = failureOf(work(open(server), controller.signal));
      await server.nextRequest();
      controller.abort(reason);
      expect(await failure).toBe(controller.signal.reason);
      expect(await failureOf(work(open(server), controller.signal))).toBe(controller.signal.reason);
    },
  );

  it("but not one that has ended, which leaves nothing on it, and the next one all the same", async ({
    server,
  }) => {
    const controller = new AbortController();
    const { signal } = controller;
    await work(open(server), signal);
    expect(listeners(signal)).toBe(0);
    server.always(refuse(401));
    await failureOf(work(open(server), signal));
    expect(listeners(signal)).toBe(0);
    server.always(silence);
    const sent = server.requests.length;
    const failure = failureOf(work(open(server), signal));
    for (let at = 0; at <= sent; at++) await server.nextRequest();
    controller.abort("the third one");
    expect(await failure).toBe("the third one");
    expect(listeners(signal)).toBe(0);
  });
});

describe.each(doors)("stopping through $name", ({ open }) => {
  it("leaves other calls of the same client alone", async ({ server }) => {
    const { opened, open: release } = gate();
    server.always(after(opened));
    const controller = new AbortController();
    const door = open({ shared: new TogetherClient({ apiKey: KEY, baseURL: server.baseURL }) });
    const stopped = failureOf(door.embedDocuments(["stopped"], { signal: controller.signal }));
    const kept = door.embedDocuments(["kept"]);
    await Promise.all([server.nextRequest(), server.nextRequest()]);
    controller.abort("enough");
    expect(await stopped).toBe("enough");
    release();
    expect(await kept).toEqual([vectorOf("kept")]);
  });

  it("happens to the siblings of a batch that fails, in flight and in the queue", async ({ server }) => {
    server.script(...Array(15).fill(silence));
    server.always(refuse(401));
    const texts = Array.from({ length: 40 }, (_, at) => `text ${at}`);
    const door = open({ baseURL: server.baseURL, embed: { batchSize: 1 } });
    expect(await failureOf(door.embedDocuments(texts))).toMatchObject({ status: 401 });
    const ends = await Promise.all(server.requests.map((request) => request.whenOver()));
    expect(ends.filter((end) => end === "closed")).toHaveLength(15);
    await open(server)
      .embedDocuments(["a round trip"])
      .catch(() => {});
    expect(server.requests.length).toBeLessThanOrEqual(18);
  });

  it("costs one signal no warning, with fifty calls on it at once", async ({ server }) => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    server.always(honest());
    const { signal } = new AbortController();
    const door = open(server);
    const calls = Array.from({ length: 50 }, (_, at) =>
      door.embedDocuments([`text ${at}`, "same"], { signal }),
    );
    expect(listeners(signal)).toBeLessThanOrEqual(10);
    await Promise.all(calls);
    await soon();
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
    expect(listeners(signal)).toBe(0);
  });

  it("works with a signal that has a deadline of its own", async ({ server }) => {
    server.always(silence);
    const signal = AbortSignal.timeout(30);
    expect(await failureOf(open(server).embedDocuments(["text"], { signal }))).toBe(signal.reason);
  });
});

const signalless = doors.filter(({ cannot }) => cannot.rerankWithSignal);

describe.each(signalless)("a signal for ranking through $name", ({ open, cannot }) => {
  it(`is refused as an option, because ${cannot.rerankWithSignal}`, ({ server }) => {
    const rerank = { signal: new AbortController().signal } as object;
    expect(() => open({ baseURL: server.baseURL, rerank })).toThrow(/`signal`/);
  });
});
