import { expect, test } from "vitest";
import { TogetherApiError, TogetherConnectionError } from "./errors.ts";
import { Outage } from "./outage.ts";

const cause = new Error("ECONNRESET");
const broken = new TogetherConnectionError("No connection.", { cause });
const refused = new TogetherApiError("The API answered 503.", {
  ...{ status: 503, code: null, type: null, param: null, requestId: "r-1", retryable: true },
});

/** Asked every 500 ms from 1,000 on, answered after 100: the errors that end. */
function ask(outage: Outage, times: number, error: TogetherApiError | TogetherConnectionError = refused) {
  return Array.from({ length: times }, (_, at) => outage.refused(error, 1_000 + 500 * at, 1_100 + 500 * at));
}

test("an outage ends what waits when it lasts longer than `maxRetryWaitMs`; the error says so, and keeps what the last one said", () => {
  const ends = ask(new Outage(2, 1_500), 5);
  expect(ends.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
  const message =
    "The server accepted nothing for this model for 2.0 s, longer than `maxRetryWaitMs` (1500 ms). " +
    "Try again later, or raise `maxRetryWaitMs`. The last error: The API answered 503.";
  expect(ends[4]).toBeInstanceOf(TogetherApiError);
  expect(ends[4]).toMatchObject({ message, status: 503, requestId: "r-1", retryable: true });
});

test("the error of an outage is a connection's where the last one was", () => {
  const [end] = ask(new Outage(1, 100), 2, broken).slice(1);
  expect(end).toBeInstanceOf(TogetherConnectionError);
  expect(end?.message).toMatch(/^The server accepted nothing for this model for 0\.5 s, .* No connection\.$/);
  expect(end?.cause).toBe(cause);
});

test("a short `maxRetryWaitMs` ends nothing before the server was asked more often than `maxRetries`", () => {
  const ends = ask(new Outage(5, 1), 6);
  expect(ends.map(Boolean)).toEqual([false, false, false, false, false, true]);
});

test("requests that were out together ask once", () => {
  const outage = new Outage(3, 100);
  for (let request = 0; request < 20; request++)
    expect(outage.refused(refused, 0, 200 + 50 * request)).toBe(undefined);
});

test("what is accepted ends an outage", () => {
  const outage = new Outage(2, 1_500);
  ask(outage, 4);
  expect(outage.isOn).toBe(true);
  outage.accepted();
  expect(outage.isOn).toBe(false);
  expect(ask(outage, 4)).toEqual(Array(4).fill(undefined));
});

test("what was out when an outage ended what waits ends with the same error; what comes later is given the same time", () => {
  const outage = new Outage(2, 1_500);
  const end = ask(outage, 5).at(-1);
  expect(outage.endOf(3_000)).toBe(end);
  expect(outage.endOf(3_100)).toBe(undefined);
  expect(outage.refused(broken, 3_000, 60_000)).toBe(end);
  expect(outage.refused(broken, 3_100, 60_000)).toBe(undefined);
});

test.each([
  ["of 11.5 s, the longest wait and ten seconds, belongs to the outage", 11_500, true],
  ["longer than that ends it: the time in which nobody asked does not count", 11_501, false],
])("a time without requests %s", (_, idleMs, isOn) => {
  const outage = new Outage(5, 1_500);
  ask(outage, 4);
  const lastAnswer = 1_100 + 500 * 3;
  expect(outage.refused(refused, lastAnswer + idleMs, lastAnswer + idleMs + 100)).toBe(undefined);
  expect(outage.isOn).toBe(isOn);
});

test("an outage late in the life of a process ends as an early one does", () => {
  const outage = new Outage(2, 1_500);
  const ends = [0, 500, 1_000, 1_500, 2_000].map((at) =>
    outage.refused(refused, 1_000_000 + at, 1_000_100 + at),
  );
  expect(ends.map(Boolean)).toEqual([false, false, false, false, true]);
});
