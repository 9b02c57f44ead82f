/** An option that does not fit is a TypeError that names it, what was expected, and what was given, before anything is sent. */
import { TogetherClient } from "@together-retrieval/core";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf, KEY, MODEL } from "./client.ts";
import { doors, type Settings } from "./doors.ts";
import { failureOf } from "./failure.ts";

type Bad = [name: string, value: unknown, expected: RegExp];

const forClient: Bad[] = [
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null, 2 ** 31].map(
    (value): Bad => ["timeoutMs", value, /an integer from 1 to 2147483647/],
  ),
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5"].map(
    (value): Bad => ["maxConcurrency", value, /an integer from 1 up/],
  ),
  ...[-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "5"].map(
    (value): Bad => ["maxRetries", value, /an integer from 0 up/],
  ),
  ...[-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31].map(
    (value): Bad => ["maxRetryWaitMs", value, /an integer from 0 to 2147483647/],
  ),
  ["apiKey", "", /a Together API key, here or in TOGETHER_API_KEY/],
  ["apiKey", " \n", /a Together API key/],
  ["apiKey", 7, /a string, a function that returns one, or `false`/],
  ["apiKey", true, /a string, a function that returns one, or `false`/],
  ["wire", "openai", /one of "together", "tei", "voyage"/],
  ["apiKey", "schlüssel", /printable ASCII/],
  ["fetch", "fetch", /a function/],
  ["headers", { "x-a": 1 }, /header names and string values/],
  ["headers", { "x a": "1" }, /header names and string values/],
  ["headers", "x-a: 1", /header names and string values/],
  ["onUsage", {}, /a function/],
  ["onRetry", "log", /a function/],
  ["onRequest", "log", /a function/],
  ["together", {}, /a Together client/],
  ["together", "client", /a Together client/],
];

const forEmbed: Bad[] = [
  ...[undefined, "", "  ", 7, null].map((value): Bad => ["model", value, /a non-empty string/]),
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5"].map(
    (value): Bad => ["batchSize", value, /an integer from 1 up/],
  ),
  ["encodingFormat", "hex", /one of "auto", "base64", "float"/],
  ["dimensions", 0, /an integer from 1 up/],
  ["dimensions", 4, /`profile.minDimensions` says/],
  ["extraBody", "user", /an object/],
  ["extraBody", { id: 1n }, /an object that JSON can hold, got one that it cannot$/],
  ["extraBody", { input: "a" }, /to leave `input` to the options of its own/],
  ["extraBody", { encoding_format: "float" }, /to leave `encoding_format`/],
  ["longInput", "cut", /one of "send", "error", "truncate", "average"/],
  ["normalize", "yes", /a boolean/],
  ["profile", "nobody/knows-it", /the id of a known model, an object, or `false`/],
  ["profile", true, /the id of a known model, an object, or `false`/],
  ["profile.dimensions", { dimensions: 0 }, /an integer from 1 up/],
  ["profile.queryPrompt", { queryPrompt: 7 }, /a string/],
  ["profile.specialTokens", { specialTokens: -1 }, /an integer from 0 up/],
  ["profile.tokenizer", { tokenizer: () => [] }, /an object with `encode` and `decode`/],
  ["task", "find it", /given only with a profile whose `queryPrompt` has \{task\}/],
];

const forRerank: Bad[] = [
  ["model", "", /a non-empty string/],
  ...[0, -1, 1.5, Number.NaN, "3"].map((value): Bad => ["topN", value, /an integer from 1 up/]),
  ...[0, 1.5].map((value): Bad => ["batchSize", value, /an integer from 1 up/]),
  ["extraBody", [], /an object/],
  ["extraBody", { return_documents: true }, /to leave `return_documents`/],
  ...[Number.NaN, Number.POSITIVE_INFINITY, "0.5", null].map(
    (value): Bad => ["scoreThreshold", value, /a finite number/],
  ),
];

/** `profile.dimensions` is given as `profile`. */
const given = (name: string, value: unknown) => ({ [name.split(".")[0] as string]: value });

describe.each(doors)("an option through $name", ({ open }) => {
  /** Opens the door and uses it, because some doors check options when they are made and others when they are used. */
  const use = async (settings: Settings, kind: "embed" | "rerank") => {
    const door = open(settings);
    return kind === "embed" ? door.embedDocuments(["text"]) : door.rerank("query", ["document"]);
  };

  it.for(forClient)("`%s: %o` is refused", async ([name, value, words], { server }) => {
    const client = { apiKey: KEY, ...given(name, value), ...(name === "together" && { apiKey: undefined }) };
    const baseURL = name === "together" ? {} : { baseURL: server.baseURL };
    for (const kind of ["embed", "rerank"] as const)
      await expectRefusal(use({ ...baseURL, client } as Settings, kind), name, words);
    expect(server.requests).toHaveLength(0);
  });

  it.for(forEmbed)("`%s: %o` for embedding is refused", async ([name, value, words], { server }) => {
    const embed = given(name, value);
    await expectRefusal(use({ baseURL: server.baseURL, embed }, "embed"), name, words);
    expect(server.requests).toHaveLength(0);
  });

  it.for(forRerank)("`%s: %o` for ranking is refused", async ([name, value, words], { server }) => {
    const rerank = given(name, value);
    await expectRefusal(use({ baseURL: server.baseURL, rerank }, "rerank"), name, words);
    expect(server.requests).toHaveLength(0);
  });

  it.for(["", "nowhere", "ftp://127.0.0.1/v1", "http://user:secret@127.0.0.1/v1", 7])(
    "`baseURL: %o` is refused",
    async (baseURL) => {
      const error = await expectRefusal(
        use({ baseURL: baseURL as string }, "embed"),
        "baseURL",
        /http or https URL/,
      );
      expect(error.message).not.toContain("secret");
    },
  );

  it("that nobody knows is refused by name: it would be ignored", async ({ server }) => {
    const settings = (group: string, name: string) =>
      ({ baseURL: server.baseURL, [group]: { [name]: 1 } }) as unknown as Settings;
    await expect(use(settings("client", "timeout"), "embed")).rejects.toThrow(/`timeout`/);
    await expect(use(settings("embed", "batchsize"), "embed")).rejects.toThrow(/`batchsize`/);
    await expect(use(settings("rerank", "topK"), "rerank")).rejects.toThrow(/`topK`/);
    await expect(use(settings("embed", "profile"), "embed")).rejects.toThrow(/`profile`/);
    expect(server.requests).toHaveLength(0);
  });

  it("that is undefined counts as not given", async ({ server }) => {
    const nothing = (names: string) => Object.fromEntries(names.split(" ").map((name) => [name, undefined]));
    const door = open({
      baseURL: server.baseURL,
      client: nothing("timeoutMs maxRetries maxConcurrency headers fetch onUsage onRetry"),
      embed: nothing("profile task batchSize encodingFormat normalize longInput"),
      rerank: nothing("topN scoreThreshold batchSize"),
    });
    expect(await door.embedDocuments(["text"])).toHaveLength(1);
    expect(await door.rerank("query", ["document"])).toHaveLength(1);
  });

  it("`headers` and `fetch` are used for every request", async ({ server }) => {
    let fetched = 0;
    const counting: typeof fetch = (...call) => {
      fetched++;
      return fetch(...call);
    };
    const door = open({
      baseURL: server.baseURL,
      client: { headers: { "x-team": "search" }, fetch: counting },
    });
    await door.embedDocuments(["text"]);
    await door.rerank("query", ["document"]);
    expect(fetched).toBe(2);
    expect(server.requests.map(({ headers }) => headers["x-team"])).toEqual(["search", "search"]);
  });
});

async function expectRefusal(work: Promise<unknown>, name: string, words: RegExp): Promise<Error> {
  const error = (await failureOf(work)) as Error;
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toContain(`\`${name}\``);
  expect(error.message).toMatch(words);
  expect(error.message).toContain(", got ");
  return error;
}

describe("a call's options", () => {
  it.for<[string, unknown, RegExp]>([
    ["inputType", "passage", /one of "document", "query"/],
    ["signal", {}, /an AbortSignal/],
    ["signal", { aborted: false, addEventListener() {} }, /an AbortSignal/],
    ["signal", null, /an AbortSignal/],
    ["onProgress", true, /a function/],
  ])("`%s: %o` is refused", async ([name, value, words], { server }) => {
    const options = { model: MODEL, [name]: value } as { model: string };
    await expectRefusal(clientOf(server).embed(["text"], options), name, words);
  });

  it.for<[string, unknown, RegExp]>([
    ["text", "body", /a function/],
    ["onError", "skip", /one of "throw", "yield"/],
    ["batchSize", 0, /an integer from 1 up/],
  ])("of a stream, `%s: %o`, is refused", async ([name, value, words], { server }) => {
    const options = { model: MODEL, [name]: value };
    const stream = async () => clientOf(server).embedStream(["text"], options).next();
    await expectRefusal(stream(), name, words);
  });

  it.for<[unknown]>([[[]], [[""]], [[7]], ["title"]])(
    "`rankFields: %o` is refused",
    async ([rankFields], { server }) => {
      const options = { model: MODEL, rankFields: rankFields as string[] };
      await expectRefusal(
        clientOf(server).rerank("query", [{ title: "a" }], options),
        "rankFields",
        /an array of one or more/,
      );
    },
  );

  it("must be an object", async ({ server }) => {
    for (const options of [undefined, null, "model"]) {
      const odd = options as unknown as { model: string };
      await expect(clientOf(server).embed(["text"], odd)).rejects.toThrow(/`options` to be an object/);
      await expect(clientOf(server).rerank("query", ["text"], odd)).rejects.toThrow(
        /`options` to be an object/,
      );
    }
    expect(() => new TogetherClient(null as unknown as object)).toThrow(/`options` to be an object/);
  });
});
