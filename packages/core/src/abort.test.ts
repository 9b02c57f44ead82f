import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { abortable, follow, onAbort, sleep } from "./abort.ts";

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

describe("waiting on a signal", () => {
  afterEach(() => void vi.useRealTimers());

  it("costs it one listener, however many wait, and none when nobody does", () => {
    const { signal } = new AbortController();
    const undos = Array.from({ length: 50 }, () => onAbort(signal, () => {}));
    expect(listeners(signal)).toBe(1);
    for (const undo of undos) undo();
    expect(listeners(signal)).toBe(0);
  });

  it("works again after nobody waited, and only for those who still wait", () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => called.push("left"))();
    const undo = onAbort(controller.signal, () => called.push("left too"));
    onAbort(controller.signal, () => called.push("waits"));
    undo();
    undo();
    controller.abort();
    expect(called).toEqual(["waits"]);
  });

  it("is left once: to leave again takes nobody else's listener away", () => {
    const { signal } = new AbortController();
    const leave = onAbort(signal, () => {});
    leave();
    onAbort(signal, () => {});
    leave();
    onAbort(signal, () => {});
    expect(listeners(signal)).toBe(1);
  });

  it("ends a sleep at once, with the reason", async () => {
    const controller = new AbortController();
    const asleep = sleep(60_000, controller.signal);
    controller.abort("up");
    await expect(asleep).rejects.toBe("up");
    await expect(sleep(60_000, controller.signal)).rejects.toBe("up");
    expect(listeners(controller.signal)).toBe(0);
  });

  it("leaves no timer behind a sleep that was ended", async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const asleep = sleep(60_000, controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort("up");
    await expect(asleep).rejects.toBe("up");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves the outcome of what ends first", async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(7), signal)).toBe(7);
    await expect(abortable(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    expect(listeners(signal)).toBe(0);
  });
});

describe("a controller that follows a signal", () => {
  it("is aborted with its reason, at once where the signal already was", () => {
    for (const isEarly of [true, false]) {
      const [first, second] = [new AbortController(), new AbortController()];
      if (isEarly) first.abort("enough");
      const leave = follow(first.signal, second);
      first.abort("enough");
      expect(second.signal.reason).toBe("enough");
      leave();
      expect(listeners(first.signal)).toBe(0);
    }
  });
});
