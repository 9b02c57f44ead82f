/** Servers that take few items or few tokens a request: the limit is learned in few requests, and no text is blamed. */
import { type Answer, after, answer, gate, honest, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { scoreOf, vectorOf } from "@together-retrieval/test-server/honest";
import type { Request } from "@together-retrieval/test-server/request";
import { describe, expect } from "vitest";
import { clientOf } from "./client.ts";
import { doors } from "./doors.ts";

const texts = Array.from({ length: 1_000 }, (_, at) => `text ${at}`.padEnd(10 + ((at * 37) % 50), "."));
const CONCURRENCY = 4;
const sizeOf = ({ inputs, documents }: Request) => inputs.length + documents.length;

/** Takes only so many items, and refuses more in these words. */
function taking(most: number, status: number, words: (sent: number) => string): Answer {
  return (request, reply) => {
    const sent = sizeOf(request);
    return (sent > most ? refuse(status, { message: words(sent) }) : honest())(request, reply);
  };
}

/** Words of servers, from their sources and from public reports. */
const named: [string, number, number, (sent: number) => string][] = [
  ["TEI", 32, 422, (sent) => `batch size ${sent} > maximum allowed batch size 32`],
  ["TEI before 1.9", 32, 413, (sent) => `batch size ${sent} > maximum allowed batch size 32`],
  ["Cohere", 96, 400, (sent) => `total number of texts must be at most 96 - received ${sent}`],
  ["DashScope", 10, 400, () => "batch size is invalid, it should not be larger than 10"],
  ["Infinity", 20, 422, (sent) => `List should have at most 20 items after validation, not ${sent}`],
  [
    "OpenAI",
    20,
    400,
    (sent) =>
      `Invalid 'input': array too long. Expected an array with maximum length 20, but got an array with length ${sent} instead.`,
  ],
];

describe.each(doors)("a server that takes few items, through $name", ({ open }) => {
  const opened = (baseURL: string) => open({ baseURL, client: { maxConcurrency: CONCURRENCY } });

  it.for(named)(
    "and says how many, as %s does, refuses only what was in flight",
    async ([, most, status, words], { server }) => {
      server.always(taking(most, status, words));
      const door = opened(server.baseURL);
      expect(await door.embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
      const refused = server.requests.filter((request) => sizeOf(request) > most);
      expect(refused.length).toBeLessThanOrEqual(CONCURRENCY);
      // All other requests are full, except the last.
      expect(server.requests.length - refused.length).toBe(Math.ceil(texts.length / most));
      server.requests.length = 0;
      await door.embedDocuments(texts.map((text) => `${text} again`));
      expect(server.requests.map(sizeOf).sort((a, b) => b - a)).toEqual([
        ...Array(Math.floor(texts.length / most)).fill(most),
        ...(texts.length % most ? [texts.length % most] : []),
      ]);
    },
  );

  it("is kept as busy as any other in the second call, and texts of like length still travel together", async ({
    server,
  }) => {
    const refusal = taking(32, 400, () => "at most 32 texts");
    server.always(refusal);
    const door = open(server);
    await door.embedDocuments(texts.slice(0, 40));
    server.requests.length = 0;
    const { opened: released, open: release } = gate();
    server.always(after(released, refusal));
    const arrived = server.arrived(19); // three before, and as many at a time as a client sends
    const vectors = door.embedDocuments(texts);
    await arrived;
    release();
    await vectors;
    const lengths = server.requests.map(({ inputs }) => inputs.map((text) => text.length));
    // There are twenty texts of each length.
    for (const each of lengths) expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(2);
  });

  it("and says how many documents, is asked the same way", async ({ server }) => {
    server.always(taking(32, 422, (sent) => `batch size ${sent} > maximum allowed batch size 32`));
    const door = opened(server.baseURL);
    const best = texts.toSorted((a, b) => scoreOf(b) - scoreOf(a))[0] as string;
    for (const _ of [1, 2]) {
      const [first] = await door.rerank("query", texts);
      expect(first?.index).toBe(texts.indexOf(best));
    }
    const refused = server.requests.filter((request) => sizeOf(request) > 32);
    expect(refused.length).toBeLessThanOrEqual(CONCURRENCY);
    expect(server.requests.length - refused.length).toBe(2 * Math.ceil(texts.length / 32));
  });

  it("and does not say how many documents, is found out once, too", async ({ server }) => {
    server.always(taking(10, 422, () => "the request cannot be processed"));
    const door = opened(server.baseURL);
    for (const call of ["first", "second"]) {
      server.requests.length = 0;
      expect(await door.rerank("query", texts.slice(0, 300)), call).toHaveLength(300);
      const refused = server.requests.filter((request) => sizeOf(request) > 10);
      expect(refused.length, call).toBeLessThanOrEqual(call === "first" ? CONCURRENCY + 3 : 0);
    }
  });

  it("and does not say how many, is found out once", async ({ server }) => {
    server.always(taking(10, 400, () => "the request cannot be processed"));
    const door = opened(server.baseURL);
    expect(await door.embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
    const refused = server.requests.filter((request) => sizeOf(request) > 10);
    expect(refused.length).toBeLessThanOrEqual(CONCURRENCY + 3);
    server.requests.length = 0;
    await door.embedDocuments(texts);
    expect(server.requests.filter((request) => sizeOf(request) > 10)).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(Math.ceil(texts.length / 6));
  });

  it("keeps each model's number apart", async ({ server }) => {
    server.always((request, reply) => {
      const most = request.body.model === "narrow" ? 5 : 1_000;
      return taking(most, 400, () => `at most ${most} texts`)(request, reply);
    });
    const client = clientOf(server);
    await client.embed(texts.slice(0, 20), { model: "narrow" });
    server.requests.length = 0;
    await client.embed(texts.slice(0, 20), { model: "wide" });
    expect(server.requests.map(sizeOf)).toEqual([20]);
  });
});

describe.each(doors)("a server that takes few tokens a request, through $name", ({ open }) => {
  const MOST = 2_000;
  const tokensOf = ({ inputs, documents }: Request) => [...inputs, ...documents].join(" ").length;

  it.for<[string, number, (sent: number) => object]>([
    [
      "Voyage",
      400,
      (sent) => ({
        detail: `Request to model 'voyage-code-3' failed. The max allowed tokens per submitted batch is ${MOST}. Your batch has ${sent} tokens after truncation.`,
      }),
    ],
    [
      "OpenAI",
      400,
      (sent) => ({
        error: {
          message: `Requested ${sent} tokens, max ${MOST} tokens per request`,
          type: "max_tokens_per_request",
          param: null,
          code: "max_tokens_per_request",
        },
      }),
    ],
    ["a proxy's 413", 413, () => ({ error: "Request Entity Too Large" })],
  ])(
    "gets smaller ones, is not asked for more again, and no text is blamed: %s",
    async ([, status, words], { server }) => {
      server.always((request, reply) => {
        const sent = tokensOf(request);
        return (sent > MOST ? answer(status, words(sent)) : honest())(request, reply);
      });
      const door = open({ baseURL: server.baseURL, client: { maxConcurrency: CONCURRENCY } });
      for (const call of ["first", "second"]) {
        server.requests.length = 0;
        expect(await door.embedDocuments(texts), call).toEqual(texts.map((text) => vectorOf(text)));
        const refused = server.requests.filter((request) => tokensOf(request) > MOST);
        expect(refused.length, call).toBeLessThanOrEqual(call === "first" ? 3 * CONCURRENCY : 0);
      }
      expect(await door.rerank("query", texts.slice(0, 300))).toHaveLength(300);
    },
  );
});
