import { expect, test } from "vitest";
import { Observer, type RequestEvent } from "./observe.ts";

const request = { path: "/embeddings", body: { model: "m", input: ["a"] }, texts: ["a"], call: {} } as const;

function eventOf(end: (observer: Observer) => void): RequestEvent {
  const events: RequestEvent[] = [];
  const observer = new Observer(request, (event) => events.push(event));
  observer.sent();
  end(observer);
  expect(events).toHaveLength(1);
  return events[0] as RequestEvent;
}

test("an event has neither tokens nor an error where there are none", () => {
  const event = eventOf((observer) => observer.answered(undefined));
  expect(Object.keys(event).toSorted()).toEqual(
    ["kind", "model", "attempt", "texts", "waitMs", "start", "end", "status"].toSorted(),
  );
});

test.each([null, "enough", 7])(
  "an attempt that ends with %j, which has no name, is an Error in the event",
  (reason) => {
    expect(eventOf((observer) => observer.failed(reason)).error).toBe("Error");
  },
);

test("the wait before an attempt is no longer than the request is old", () => {
  const began = performance.now();
  const { waitMs } = eventOf((observer) => observer.answered(1));
  expect(waitMs).toBeLessThanOrEqual(performance.now() - began);
});
