/** "Limits, retries, errors": each row of its tables is shown to be true, and each error that can be caused here has its row. */
import { readFile } from "node:fs/promises";
import {
  TogetherApiError,
  TogetherClient,
  TogetherConnectionError,
  TogetherResponseError,
} from "@together-retrieval/core";
import {
  type Answer,
  answer,
  cutBody,
  embeddings,
  ranking,
  refuse,
  silence,
} from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect, vi } from "vitest";
import { clientOptions, defaultsOf, embedOptions } from "../../packages/core/src/options.ts";
import { backoffMs } from "../../packages/core/src/retry.ts";
import { MODEL } from "../contract/client.ts";
import { failureOf } from "../contract/failure.ts";
import { expectTrueTable } from "./options-table.ts";
import { asPattern, readTable } from "./table.ts";

const page = new URL("../../docs/limits.md", import.meta.url);
const source = (file: string) =>
  readFile(new URL(`../../packages/core/src/${file}`, import.meta.url), "utf8");
const messages = async (heading: string) => (await readTable(page, heading)).map(([quoted = ""]) => quoted);
const texts = ["one text", "another"];

/** Each message fits exactly one row, and each row one message. */
function expectOneToOne(provoked: readonly string[], rows: readonly string[]): void {
  const fitting = provoked.map((message) => rows.filter((row) => asPattern(row).test(message)));
  expect(fitting.map((found, at) => (found.length === 1 ? "one row" : `${provoked[at]}: ${found}`))).toEqual(
    provoked.map(() => "one row"),
  );
  expect(fitting.flat().sort()).toEqual([...rows].sort());
}

describe("what can be set", () => {
  it("has these defaults", async () => {
    const { timeoutMs, maxRetries, maxRetryWaitMs, maxConcurrency } = clientOptions;
    const { batchSize } = embedOptions;
    const defaults = defaultsOf({ timeoutMs, maxRetries, maxRetryWaitMs, maxConcurrency, batchSize });
    await expectTrueTable(page, "## What can be set", Object.keys(defaults), defaults);
  });

  it("waits at most so long where the server states no wait", async () => {
    const [, first, more = "", last] =
      /up to (\d+) ms, then ([\d, ]+), and (\d+) from then on/.exec(await readFile(page, "utf8")) ?? [];
    const written = [first, ...more.split(", "), last, last].map(Number);
    vi.spyOn(Math, "random").mockReturnValue(1);
    expect(written).toEqual(written.map((_, at) => backoffMs(at + 1, clientOptions.maxRetryWaitMs.default)));
    vi.restoreAllMocks();
  });
});

describe("the table of refusals", async () => {
  const rows = await readTable(page, "## Errors from the API");
  const cases = rows.flatMap(([answer = "", , , repeated = ""]) => {
    const [, code = null] = /`(\w+)`/.exec(answer) ?? [];
    const statuses = [...answer.matchAll(/\b\d{3}\b/g)].map(Number);
    return statuses.map((status) => ({ status, code, isRepeated: repeated === "yes" }));
  });

  it.for(cases)("$status $code", async ({ status, code, isRepeated }, { server }) => {
    server.always(refuse(status, { code }));
    const client = new TogetherClient({
      apiKey: "key",
      baseURL: server.baseURL,
      maxRetries: 1,
      maxRetryWaitMs: 1,
    });
    const error = await failureOf(client.embed(["one text"], { model: MODEL }));
    expect(error).toBeInstanceOf(TogetherApiError);
    expect(error).toMatchObject({ status, code, retryable: isRepeated });
    expect(server.requests).toHaveLength(isRepeated ? 2 : 1);
  });

  it("has a row for every status and code that the core knows", async () => {
    const known = [...(await source("api-error.ts")).matchAll(/^ {2}\[(\d{3}), /gm)].map(([, status]) =>
      Number(status),
    );
    expect(known.length).toBeGreaterThan(5);
    expect(known.filter((status) => !cases.some((row) => row.status === status))).toEqual([]);
    const [, codes = ""] = /hopelessCodes = \[(.+)\]/.exec(await source("retry.ts")) ?? [];
    const named = new Set(cases.flatMap(({ code }) => (code ? [`"${code}"`] : [])));
    expect(codes.split(", ").sort()).toEqual([...named].sort());
  });
});

describe("the table of missing answers", () => {
  it("has all three, and they are repeated", async ({ server }) => {
    const provoke = async (options: object, script: Answer) => {
      server.always(script);
      const client = new TogetherClient({
        apiKey: "key",
        baseURL: server.baseURL,
        maxRetries: 0,
        ...options,
      });
      const error = await failureOf(client.embed(texts, { model: MODEL }));
      expect(error).toBeInstanceOf(TogetherConnectionError);
      return (error as Error).message;
    };
    const provoked = [
      await provoke({ baseURL: "http://127.0.0.1:1/v1" }, silence),
      await provoke({}, cutBody),
      await provoke({ timeoutMs: 20 }, silence),
    ];
    expectOneToOne(provoked, await messages("## No answer"));
  });
});

describe("the table of answers that do not fit", () => {
  const entry = (index: number, embedding: unknown = [1, 2]) => ({ object: "embedding", index, embedding });
  const data = (...entries: unknown[]) => embeddings((body) => ({ ...body, data: entries }));
  const spoiled: Answer[] = [
    answer(200, "a page"),
    answer(200, { error: "No models loaded" }),
    embeddings((body) => ({ ...body, data: {} })),
    data(entry(0)),
    data(entry(0), null),
    data(entry(0), entry(2)),
    data(entry(0), entry(0)),
    data(entry(0), entry(1, [])),
    data(entry(0), entry(1, [[1], [2]])),
    data(entry(0), entry(1, [1, null])),
  ];

  it("has a row for each, and each happens", async ({ server }) => {
    const client = new TogetherClient({ apiKey: "key", baseURL: server.baseURL });
    const messageOf = async (script: Answer, work: () => Promise<unknown>) => {
      server.always(script);
      const error = await failureOf(work());
      expect(error).toBeInstanceOf(TogetherResponseError);
      return (error as Error).message;
    };
    const provoked: string[] = [];
    for (const script of spoiled)
      provoked.push(await messageOf(script, () => client.embed(texts, { model: MODEL })));
    const embed = (profile: object) => client.embed(texts, { model: MODEL, profile });
    const ofTwo = await messageOf(data(entry(0), entry(1)), () => embed({ dimensions: 3 }));
    const ofBoth = await messageOf(data(entry(0), entry(1, [1, 2, 3])), () => embed({}));
    provoked.push(ofTwo);
    const withoutWay = ofTwo.replace(/: set `profile` to the model that answers, or to `false`/, "");
    expect(ofBoth.replace(/\d/g, "…")).toBe(withoutWay.replace(/\d/g, "…"));
    const unscored = ranking((body) => ({
      ...body,
      results: body.results.map((result) => ({ ...result, relevance_score: null })),
    }));
    provoked.push(await messageOf(unscored, () => client.rerank("a query", texts, { model: MODEL })));
    const successor = new TogetherClient({ apiKey: "key", baseURL: server.baseURL });
    server.script(embeddings((body) => ({ ...body, model: "another" })));
    await successor.embed(texts, { model: MODEL });
    const ofAnother = embeddings((body) => body);
    provoked.push(await messageOf(ofAnother, () => successor.embed(texts, { model: MODEL })));
    const rows = await messages("## An answer that does not fit");
    expectOneToOne(provoked, rows);
    const places = (await source("decode.ts")).match(/refuse\(\s*[`"]/g);
    // One more comes from drift.ts.
    expect(rows).toHaveLength((places?.length ?? 0) + 1);
  });
});

describe("the table of mistakes", () => {
  it("has messages that come so", async ({ server }) => {
    const base = { apiKey: "key", baseURL: server.baseURL };
    const client = new TogetherClient(base);
    const tokenizer = { encode: (text: string) => [...text].map(() => 1), decode: () => "" };
    const wrong = (value: unknown) => value as never;
    const mistakes: (() => unknown)[] = [
      () => new TogetherClient({ ...base, apiKey: " " }),
      () => new TogetherClient({ ...base, baseURL: "localhost" }),
      () => client.embed(texts, wrong({})),
      () => client.embed(texts, wrong({ model: MODEL, dimension: 3 })),
      () => new TogetherClient({ ...base, together: wrong({ apiKey: "key", post: () => {} }) }),
      () => client.embed(wrong(["a text", {}]), { model: MODEL }),
      () =>
        client.embed(["a long text"], {
          model: MODEL,
          profile: { tokenizer, maxTokens: 5 },
          longInput: "error",
        }),
      () => client.embed(texts, { model: MODEL, longInput: "truncate" }),
      () => client.rerank("a query", wrong(["a text", {}]), { model: MODEL }),
      () => client.rerank(" ", texts, { model: MODEL }),
      () =>
        client.rerank("a query", texts, { model: "mixedbread-ai/Mxbai-Rerank-Large-V2", rankFields: ["a"] }),
    ];
    const provoked = await Promise.all(mistakes.map(async (make) => failureOf((async () => make())())));
    for (const error of provoked) expect(error).toBeInstanceOf(TypeError);
    expectOneToOne(
      provoked.map((error) => (error as Error).message),
      await messages("## Errors of yours"),
    );
    expect(server.requests).toEqual([]);
  });
});
