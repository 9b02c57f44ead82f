/** Every wire of the local server, with its real weights, through every door: vectors, rankings, caps, and refusals in that server's words. */
import type { TogetherClientOptions, UsageEvent } from "@together-retrieval/core";
import { type LocalServer, startLocalServer, type WireName } from "@together-retrieval/local";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

interface Server {
  wire: WireName;
  /** The options that docs/models.md names for it. */
  client?: TogetherClientOptions;
  /** The status and the words for a text over the model's 256 tokens; without them it is cut. */
  tooLong?: [number, RegExp];
  /** Whether it refuses a blank text. */
  refusesBlank?: boolean;
  /** The most items that it takes, where that is less than the test sends. */
  most?: number;
  /** How many requests of the first call bring no vectors. */
  refusedFirst?: number;
  /** Whether rankings report no tokens. */
  silentRanking?: boolean;
  /** The error's members where the server does not know the model. */
  unknownModel?: object;
  /** Whether a wrong key is refused without a message. */
  silentKey?: boolean;
}

const keyless: TogetherClientOptions = { apiKey: false };
const plain = { code: null, param: null };
const servers: Server[] = [
  { wire: "together" },
  {
    wire: "tei",
    client: { ...keyless, wire: "tei" },
    most: 32,
    silentRanking: true,
    silentKey: true,
    unknownModel: { ...plain, type: "Validation" },
  },
  {
    wire: "vllm",
    client: keyless,
    tooLong: [400, /maximum context length is 256 tokens/],
    unknownModel: { ...plain, type: "NotFoundError" },
  },
  { wire: "infinity", client: keyless, unknownModel: { ...plain, type: null } },
  {
    wire: "llama.cpp",
    client: keyless,
    tooLong: [500, /too large to process/],
    unknownModel: { ...plain, type: "not_found_error" },
  },
  { wire: "litellm", client: keyless, refusedFirst: 1, unknownModel: { ...plain, type: null } },
  {
    wire: "sglang",
    client: keyless,
    tooLong: [400, /longer than the model's context length/],
    refusesBlank: true,
    unknownModel: { ...plain, type: "BadRequestError" },
  },
  { wire: "voyage", client: { wire: "voyage" }, unknownModel: { ...plain, type: null } },
];

const query = "Which city is the capital of France?";
const documents = ["Bananas are yellow.", "The capital of France is Paris.", "Rain is falling."];
const long = "word ".repeat(260);
const many = Array.from({ length: 40 }, (_, at) => `text ${at}`);

describe.each(servers)("the wire $wire", (expected) => {
  const { most = 0 } = expected;
  let server: LocalServer;
  beforeAll(async () => {
    server = await startLocalServer({ wire: expected.wire, faults: {} });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await control("POST", "/_faults", {});
    await control("DELETE", "/_requests");
  });

  const control = (method: string, path: string, body?: object) =>
    fetch(new URL(path, server.url), { method, ...(body && { body: JSON.stringify(body) }) });
  const misbehave = (...rules: object[]) => control("POST", "/_faults", { rules });
  const requests = async (): Promise<{ status: number; body: { input?: string[]; texts?: string[] } }[]> =>
    (await control("GET", "/_requests")).json();
  const refused = async () => (await requests()).filter(({ status }) => status >= 400);

  describe.each(doors)("through $name", ({ open }) => {
    const opened = (more: TogetherClientOptions = {}) =>
      open({ baseURL: server.url, client: { ...expected.client, ...more } });

    it("gives every text its vector, and a query the vector of its text", async () => {
      const tokens: UsageEvent[] = [];
      const door = opened({ onUsage: (event) => tokens.push(event) });
      const vectors = await door.embedDocuments(documents);
      expect(vectors.map((vector) => vector.length)).toEqual([384, 384, 384]);
      for (const [at, document] of documents.entries()) {
        const alone = await door.embedQuery(document);
        // With real weights, the last bits of a vector depend on its batch.
        for (const [place, value] of alone.entries()) expect(vectors[at]?.[place]).toBeCloseTo(value, 4);
      }
      expect(await refused()).toHaveLength(expected.refusedFirst ?? 0);
      expect(tokens).toHaveLength(4);
    });

    it("ranks", async () => {
      const tokens: UsageEvent[] = [];
      const door = opened({ onUsage: (event) => tokens.push(event) });
      const ranked = await door.rerank(query, documents);
      expect(ranked.map(({ index }) => index).sort()).toEqual([0, 1, 2]);
      expect(ranked[0]?.index).toBe(1);
      expect(await requests()).toHaveLength(1);
      expect(tokens).toHaveLength(expected.silentRanking ? 0 : 1);
    });

    it(`${expected.tooLong ? "names" : "takes"} a text, and a document, that is too long`, async () => {
      const given = ["short", long];
      const works = [() => opened().embedDocuments(given), () => opened().rerank(query, given)];
      for (const work of works) {
        if (!expected.tooLong) {
          expect(await work()).toHaveLength(2);
          continue;
        }
        const [status, words] = expected.tooLong;
        const error = await failureOf(work());
        expect(error).toMatchObject({ status, inputIndex: 1, retryable: false });
        expect((error as Error).message).toMatch(words);
      }
    });

    it.runIf(expected.refusesBlank)("names a blank text", async () => {
      const error = await failureOf(opened().embedDocuments([...documents, " "]));
      expect(error).toMatchObject({ status: 400, inputIndex: 3 });
      expect((error as Error).message).toContain("cannot be empty");
    });

    it.runIf(most)("refuses too many items once in a client's life", async () => {
      const door = opened();
      const rest = many.length - most;
      for (const work of [() => door.embedDocuments(many), () => door.rerank(query, many)]) {
        await control("DELETE", "/_requests");
        for (const _ of [1, 2]) expect(await work()).toHaveLength(many.length);
        const sizes = (await requests()).map(({ body: { input, texts } }) => (input ?? texts)?.length);
        expect(sizes).toEqual([many.length, most, rest, most, rest]);
      }
    });

    it("tells of a model that it does not know, and of a wrong key, in its own words", async () => {
      for (const work of [
        () => opened().embedDocuments(documents),
        () => opened().rerank(query, documents),
      ]) {
        await control("DELETE", "/_requests");
        await misbehave({ fault: "status", status: 404, message: "The model `X` does not exist." });
        const unknown = await failureOf(work());
        expect(unknown).toMatchObject({ status: 404, retryable: false, ...expected.unknownModel });
        expect(unknown).not.toHaveProperty("inputIndex");
        expect((unknown as Error).message).toMatch(/The model `X` does not exist\. Check `model`/);
        await misbehave({ fault: "status", status: 401, message: "Unauthorized" });
        const wrong = await failureOf(work());
        const words = expected.silentKey ? "no message" : "Unauthorized";
        expect((wrong as Error).message).toContain(`401: ${words}. Check the API key`);
        expect(await requests()).toHaveLength(2);
      }
    });

    it("is asked again after a 503", async () => {
      await misbehave({ fault: "status", status: 503, message: "busy", nth: 1 });
      expect(await opened({ maxRetryWaitMs: 5 }).rerank(query, documents)).toHaveLength(3);
      expect((await requests()).map(({ status }) => status)).toEqual([503, 200]);
    });
  });
});
