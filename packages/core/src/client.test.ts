import { inspect } from "node:util";
import { expect, test } from "vitest";
import { TogetherClient } from "./client.ts";

test("a client shows its address, and nothing else", () => {
  const client = new TogetherClient({ apiKey: "a-key-of-the-tests", baseURL: "http://h/v1/" });
  expect(client.baseURL).toBe("http://h/v1");
  expect(inspect(client)).toBe('TogetherClient { baseURL: "http://h/v1" }');
});
