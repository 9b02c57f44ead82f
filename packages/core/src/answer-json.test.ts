import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerParser } from "./answer-json.ts";
import { readFloatArray } from "./float-array.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** `pieces` are the sizes of the chunks in which the bytes come, again and again; without any they come at once. */
function parseAnswer(bytes: Uint8Array, pieces: readonly number[] = [], pieceBytes?: number): unknown {
  const parser = new AnswerParser(pieceBytes);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + (pieces[turn % pieces.length] ?? bytes.length);
    parser.push(bytes.slice(at, end));
    at = end;
  }
  return parser.end();
}

/** What `JSON.parse` says, or that it refuses. */
function outcome(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return "refused";
  }
}

/** Object.is on every number: -0 is not 0, and every bit counts. */
function expectSame(text: string, pieces: readonly number[] = [1]): void {
  const expected = outcome(() => JSON.parse(text.replace(/^\ufeff/, "")));
  const bytes = bytesOf(text);
  expect(outcome(() => parseAnswer(bytes))).toStrictEqual(expected);
  // Looked at whenever something came.
  expect(outcome(() => parseAnswer(bytes, pieces, 1))).toStrictEqual(expected);
}

const answer = (...arrays: string[]) =>
  `{"object":"list","data":[${arrays.map((array, index) => `{"index":${index},"embedding":${array}}`).join(",")}],"usage":{"prompt_tokens":12,"total_tokens":12}}`;

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const digits = fc.stringMatching(/^[0-9]{1,25}$/);
/** Doubles as JavaScript, Python and C print them, and any other spelling of a number. */
const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -1, max: 1, noNaN: true }).map(String),
  fc.float({ min: -1, max: 1, noNaN: true }).map(String),
  fc.double({ min: -1, max: 1, noNaN: true }).map((value) => value.toFixed(20)),
  fc.double({ min: -1, max: 1, noNaN: true }).map((value) => value.toPrecision(17)),
  fc.double({ min: -10, max: 10, noNaN: true }).map((value) => value.toExponential()),
  fc
    .tuple(fc.constantFrom("", "-"), fc.constantFrom("0", "7", "12"), digits)
    .map(([sign, whole, rest]) => `${sign}${whole}.${rest}`),
  fc
    .tuple(fc.constantFrom("0.", "-0.", "0.000000"), digits, fc.constantFrom("", "e-5", "E+3"))
    .map((parts) => parts.join("")),
  fc.constantFrom(
    "0",
    "-0",
    "-0.0",
    "1",
    "123456789012345678901234567890",
    "1e22",
    "0.1",
    "5e-324",
    "1e-400",
  ),
);
const arrayText = fc
  .array(
    fc.tuple(space, numberText, space).map((parts) => parts.join("")),
    { maxLength: 12 },
  )
  .map((numbers) => `[${numbers.join(",")}]`);

const chunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe("an answer is read as JSON.parse reads it", () => {
  test("whatever shape its numbers have", () => {
    fc.assert(
      fc.property(fc.array(arrayText, { maxLength: 4 }), chunks, (arrays, pieces) =>
        expectSame(answer(...arrays), pieces),
      ),
      { numRuns: 3_000 },
    );
  });

  test("for doubles of every bit pattern", () => {
    const anyDouble = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, bits);
      return view.getFloat64(0);
    });
    const finite = anyDouble.filter(Number.isFinite);
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 8 }), (numbers) => {
        expect(
          readFloatArray(bytesOf(`${JSON.stringify(numbers)}${" ".repeat(40)}`), 0, 0)?.value,
        ).toStrictEqual(JSON.parse(JSON.stringify(numbers)));
      }),
      { numRuns: 3_000 },
    );
  });

  test("where a decimal lies half way between two doubles, or next to it", () => {
    const halfway = fc
      .tuple(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.integer({ min: -3, max: 3 }))
      .map(([value, nudge]) => {
        // Both neighbours have at most 53 bits, so their mean in 60 decimals is exact up to the last digits kept.
        const next = value + 2 ** (Math.floor(Math.log2(value)) - 52);
        const mean = (BigInt(Math.round(value * 2 ** 62)) + BigInt(Math.round(next * 2 ** 62))) * 10n ** 18n;
        const text = (mean / 2n ** 63n + BigInt(nudge)).toString().padStart(18, "0");
        return `0.${text}`;
      });
    fc.assert(
      fc.property(fc.array(halfway, { minLength: 1, maxLength: 8 }), (numbers) =>
        expectSame(answer(`[${numbers.join(",")}]`)),
      ),
      { numRuns: 3_000 },
    );
  });

  test.each([
    [
      "keys in another order, space everywhere",
      ' { "data" : [ { "embedding" : [ 0.1 , -0.2 ] , "index" : 0 } ] } ',
    ],
    ["unknown members", '{"data":[{"embedding":[0.5],"more":{"embedding":[1,"two"]}}],"embedding":[3]}'],
    [
      "a text that looks like a key",
      '{"id":"\\"embedding\\":[1,2]","data":[{"note":"embedding","embedding":[0.5]}]}',
    ],
    ["a backslash before a quote", '{"id":"a\\\\","data":[{"embedding":[0.5]}],"b":"\\\\\\"embedding"}'],
    ["a key that is written with escapes", '{"data":[{"embed\\u0064ing":[0.25,0.5]},{"embedding":[0.5,1]}]}'],
    ["a key that comes twice", '{"data":[{"embedding":[0.5],"embedding":[0.25]}]}'],
    ["a string that is not base64", '{"data":[{"embedding":"AAAAPw="},{"embedding":[0.5]}]}'],
    ["base64 of half a float", '{"data":[{"embedding":"AAA="},{"embedding":[0.5]}]}'],
    ["a byte order mark before a number", answer("[0.5,\ufeff0.25]", "[\ufeff-1e-3]")],
    ["many arrays that are none", '{"embedding":['.repeat(1_000)],
    ["a number where an array is expected", '{"data":[{"embedding":1},{"embedding":[0.5]}]}'],
    ["nulls, strings and arrays among the numbers", answer('[0.5,null,"1",[2]]', "[0.5]")],
    ["a number too large for a double", answer("[1e999,0.5]")],
    ["an empty array", answer("[]", "[ ]")],
    ["a byte order mark", `\ufeff${answer("[0.5]")}`],
    ["letters beyond ASCII", '{"id":"😀é","data":[{"embedding":[0.5],"ü":"日本"}]}'],
    ["a byte order mark in front of base64", '{"data":[{"embedding":"\ufeffAAAAPw="}]}'],
    [
      "strings that look like places in a list",
      '{"data":[{"embedding":"1"},{"embedding":[0.5]},{"embedding":"x"}]}',
    ],
    [
      "a string under a key that is written with escapes",
      '{"data":[{"embed\\u0064ing":"0"},{"embedding":[0.5]}]}',
    ],
    ["a string that JSON does not allow", '{"data":[{"embedding":"\\q"},{"embedding":"A\nA"}]}'],
    ["no JSON object", '["embedding",[1]]'],
    ["a string alone", '"embedding"'],
  ])("with %s", (_, text) => expectSame(text));

  test.each([
    "01",
    "+1",
    ".5",
    "1.",
    "1e",
    "0x1",
    "--1",
    "1 2",
    "1,",
    ",1",
    "1,,2",
    "NaN",
    "Infinity",
    "0.5.5",
    "-",
    "1_0",
    // Neighbours of the digits, where several are read at once.
    "0.1234567:90123456",
    "0.1234567/90123456",
    "0.1234567890123456:",
    "0.1234567\u00b990123456",
    "0.123456\u00ba90123456",
    ":.1234567890123456",
  ])("refuses `[%s]`", (numbers) => expectSame(answer(`[${numbers}]`)));

  test("however deep it is", () => {
    const text = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    expect(() => parseAnswer(bytesOf(text))).not.toThrow();
  });

  test("refuses it with half a letter behind it", () => {
    expect(() => parseAnswer(Uint8Array.of(...bytesOf(answer("[0.5]")), 0xe2))).toThrow(SyntaxError);
  });

  test.each([
    ['{"data":[{"embedding":"AAAAPw=="},{"embedding":[0.25]}]}', [[0.5], [0.25]]],
    ['{"data": [ {"embedding" : "AAAAPwAAgD4=" , "index": 0} ] }', [[0.5, 0.25]]],
    ['{"data":[{"embedding":""}]}', [[]]],
    ['{"data":[{"embedding":"\\/\\/\\/\\/Pw\\u003d="}]}', [[1.9999998807907104]]],
  ])("but with base64 as the floats that it holds: %s", (text, vectors) => {
    for (const pieces of [[], [1], [3, 2]]) {
      const { data } = parseAnswer(bytesOf(text), pieces, 1) as { data: { embedding: unknown }[] };
      expect(data.map(({ embedding }) => embedding)).toStrictEqual(vectors);
    }
  });

  test.each([
    '{"id":"a\\"b","data":[{"index":0,"embedding":[0.5,-0.25e-3]},{"embedding":[1]}]}',
    '{"data":[{"embedding":"AAAAPw=="}]}',
  ])("refuses it wherever it is cut off: %s", (text) => {
    for (let end = 0; end < text.length; end++) expectSame(text.slice(0, end));
  });
});
