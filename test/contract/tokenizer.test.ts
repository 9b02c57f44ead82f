/** Long texts and batches, with the models' own tokenizer. */

import { ofDimensions } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { bertTokenizer, withTokenizer } from "@together-retrieval/tokenizers";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { clientOf } from "./client.ts";
import { doors } from "./doors.ts";

const { encode } = bertTokenizer();
const ids = (text: string) => Array.from(encode(text));
const bge = withTokenizer("BAAI/bge-large-en-v1.5");
/** 512 tokens, of which two are special. */
const ROOM = 510;

/** Its 510th token begins at its 4056th character: a look at its first 4060 would find "count" there, not "counter". */
const wideSpaces = `${"word ".repeat(508)}word${" ".repeat(1511)}${"counterrevolutionaries and more ".repeat(50)}`;

const longTexts: [string, string][] = [
  [
    "words that are many tokens",
    "unaffable tokenization of sesquipedalian counterrevolutionaries, ".repeat(80),
  ],
  ["words without a space between", "漢字かな交じり文。".repeat(120)],
  ["words behind wide spaces", wideSpaces],
  ["emoji", "so 😀 and 👨‍👩‍👧 or 🇩🇪! ".repeat(150)],
  ["combining marks", "cafe\u0301 Z\u0351\u036bo\u0302 naïve ".repeat(200)],
  ["special tokens as text", "[CLS] one [SEP] two[MASK] ".repeat(120)],
  ["control characters", "a\u0000b\u0001 \u200b\ufeffc\u00ad\r\n ".repeat(300)],
  ["a word that no one knows", `${"x".repeat(5000)} then ${"others follow ".repeat(400)}`],
];

describe.each(doors)("the tokenizer of BERT through $name", ({ open }) => {
  const embed = { model: "my-endpoint", profile: bge };

  it.for(longTexts)("cuts %s as the model would", async ([, text], { server }) => {
    server.always(ofDimensions(1024));
    await open({ baseURL: server.baseURL, embed: { ...embed, longInput: "truncate" } }).embedDocuments([
      text,
    ]);
    const [sent = ""] = server.requests[0]?.inputs ?? [];
    expect(text.startsWith(sent)).toBe(true);
    expect(ids(sent)).toEqual(ids(text).slice(0, ROOM));
  });

  it("counts the query's prompt in", async ({ server }) => {
    server.always(ofDimensions(1024));
    const door = open({ baseURL: server.baseURL, embed: { ...embed, longInput: "truncate" } });
    await door.embedQuery("unaffable ".repeat(400));
    const [sent = ""] = server.requests[0]?.inputs ?? [];
    expect(sent.startsWith(`${bge.queryPrompt}unaffable `)).toBe(true);
    expect(ids(sent)).toHaveLength(ROOM);
  });

  it.for(longTexts)("averages %s over pieces that make up the whole", async ([, text], { server }) => {
    server.always(ofDimensions(1024));
    const door = open({ baseURL: server.baseURL, embed: { ...embed, longInput: "average" } });
    const [vector = []] = await door.embedDocuments([text]);
    const pieces = server.requests.flatMap(({ inputs }) => inputs);
    expect(pieces.join("").length).toBeGreaterThan(text.trimEnd().length - 4);
    // Texts travel in the order of their lengths, not in the caller's.
    let rest = text;
    const inOrder: string[] = [];
    while (pieces.length > 0) {
      const at = pieces.findIndex((piece) => rest.startsWith(piece));
      const [piece = ""] = pieces.splice(at, 1);
      expect(at).toBeGreaterThanOrEqual(0);
      inOrder.push(piece);
      rest = rest.slice(piece.length);
    }
    expect(inOrder.flatMap(ids)).toEqual(ids(text));
    for (const piece of inOrder.slice(0, -1)) {
      expect(ids(piece).length).toBeLessThanOrEqual(ROOM);
      expect(ids(piece).length).toBeGreaterThan(ROOM - 16);
    }
    expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
  });

  it("leaves a text that fits byte for byte alone", async ({ server }) => {
    server.always(ofDimensions(1024));
    const text = " \u0000 ＦＵＬＬ  e\u0301 [CLS]\n\n";
    for (const longInput of ["truncate", "average", "error"] as const) {
      await open({ baseURL: server.baseURL, embed: { ...embed, longInput } }).embedDocuments([text]);
    }
    expect(server.requests.map(({ inputs }) => inputs)).toEqual([[text], [text], [text]]);
  });

  it("bounds batches by the tokens that they are padded to", async ({ server }) => {
    server.always(ofDimensions(1024));
    const long = Array.from({ length: 100 }, (_, at) =>
      `${"word ".repeat(509)}${at % 10}`.concat(" ".repeat(at)),
    );
    const short = Array.from({ length: 200 }, (_, at) => `short text ${at}`);
    await open({ baseURL: server.baseURL, embed }).embedDocuments([...short, ...long]);
    const sizes = server.requests.map(({ inputs }) => inputs.length);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([32, 32, 32, 32, 72, 100]);
    for (const { inputs } of server.requests) {
      const longest = Math.max(...inputs.map((input) => ids(input).length + 2));
      expect(inputs.length * longest).toBeLessThanOrEqual(16_384);
    }
  });
});

/** Texts of every kind, cut at any place. `\ud83d` is half a character, which the caller already passed like this. */
const mixed = fc
  .array(
    fc.constantFrom("unaffable ", "a", "漢", "😀", "e\u0301", " ", "[SEP]", "zq", "\u0001", ", ", "👨‍👩‍👧"),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(""));

describe("cutting", () => {
  it("keeps to the limit, to the whole text, and to whole characters, whatever the text", async ({
    server,
  }) => {
    const client = clientOf(server);
    await fc.assert(
      fc.asyncProperty(mixed, fc.integer({ min: 1, max: 12 }), async (text, room) => {
        const profile = { maxTokens: room, specialTokens: 0, tokenizer: bertTokenizer() };
        const before = server.requests.length;
        await client.embed([text], { model: "m", profile, longInput: "average" });
        const pieces = server.requests.slice(before).flatMap(({ inputs }) => inputs);
        for (const piece of pieces) {
          expect(ids(piece).length).toBeLessThanOrEqual(room);
          expect(piece).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
        }
        const lost = text.length - pieces.join("").length;
        for (const piece of pieces) expect(text).toContain(piece);
        // Only characters without tokens, at the end, are not sent.
        expect(lost === 0 || ids(text.slice(text.length - lost)).length === 0).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("encodes a long text a fixed number of times over, however long it is", async ({ server }) => {
    let characters = 0;
    const tokenizer = {
      encode: (text: string) => {
        characters += text.length;
        return encode(text);
      },
      decode: bertTokenizer().decode,
    };
    const client = clientOf(server);
    for (const length of [20_000, 200_000]) {
      const text = "Retrieval of sesquipedalian documents. ".repeat(length / 39);
      characters = 0;
      await client.embed([text], {
        model: "m",
        profile: { maxTokens: 512, tokenizer },
        longInput: "average",
      });
      expect(characters / text.length).toBeLessThan(20);
    }
  });

  it.for([
    ["a promise of ids", Promise.resolve([1]), "a promise: is an `await` missing?"],
    ["an object around the ids", { ids: [1] }, "an object"],
    ["nothing", undefined, "`undefined`"],
  ] as const)(
    "with a tokenizer that gives %s is a TypeError that says so",
    async ([, wrong, got], { server }) => {
      const tokenizer = { encode: () => wrong as unknown as number[], decode: () => "" };
      const options = { model: "m", profile: { maxTokens: 8, tokenizer }, longInput: "truncate" as const };
      const message = `Expected \`profile.tokenizer.encode(text)\` to be an array of ids, got ${got}`;
      await expect(clientOf(server).embed(["text"], options)).rejects.toThrow(new TypeError(message));
      expect(server.requests).toHaveLength(0);
    },
  );
});
