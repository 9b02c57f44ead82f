/** The key of a request: a string, no key, or the result of a function that is called for each attempt. */
import { refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

describe.each(doors)("the key through $name", ({ open }) => {
  it("`false` sends none", async ({ server }) => {
    const door = open({ baseURL: server.baseURL, client: { apiKey: false } });
    await door.embedDocuments(["text"]);
    await door.rerank("query", ["text"]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it("a function is asked before every attempt", async ({ server }) => {
    let asked = 0;
    // Nothing of the function itself may get into a header: line breaks are not allowed there.
    const apiKey = async () => {
      asked++;
      return `key-${asked}`;
    };
    const door = open({ baseURL: server.baseURL, client: { apiKey, maxRetryWaitMs: 5 } });
    expect(asked).toBe(0);
    server.script(refuse(503));
    await door.embedDocuments(["text"]);
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["Bearer key-1", "Bearer key-2"]);
  });

  it("an error of the function ends the call at once, and is its cause", async ({ server }) => {
    const cause = new Error("the vault is closed");
    const apiKey = () => Promise.reject(cause);
    const error = await failureOf(
      open({ baseURL: server.baseURL, client: { apiKey } }).embedDocuments(["text"]),
    );
    expect(error).toMatchObject({ name: "TogetherError", cause });
    expect(String(error)).toContain("`apiKey`");
    expect(server.requests).toHaveLength(0);
  });

  it.for([
    [
      "",
      /a function that returns a Together API key, got a blank string from it: is the environment variable/,
    ],
    ["  ", /a function that returns a Together API key, got a blank string/],
    [undefined, /a function that returns a Together API key, got `undefined` from it: is the environment/],
    [7, /a function that returns a Together API key, got a number/],
    ["schlüssel", /made of printable ASCII/],
  ] as const)(
    "a function that gives %o is refused, and told without it",
    async ([key, words], { server }) => {
      const apiKey = (() => key) as () => string;
      const error = await failureOf(
        open({ baseURL: server.baseURL, client: { apiKey } }).embedDocuments(["text"]),
      );
      expect(String(error)).toMatch(/^TypeError: Expected `apiKey` to be /);
      expect(String(error)).toMatch(words);
      expect(String(error)).not.toContain("schlüssel");
      expect(server.requests).toHaveLength(0);
    },
  );

  it("of a function stands in no error, even if the server repeats it", async ({ server }) => {
    const apiKey = () => "a-rotating-key-of-1";
    server.always(refuse(401, { message: "wrong key: a-rotating-key-of-1" }));
    const error = await failureOf(
      open({ baseURL: server.baseURL, client: { apiKey } }).embedDocuments(["text"]),
    );
    expect(String(error)).toContain("wrong key: [key]");
  });
});
