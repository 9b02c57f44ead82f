import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { decodeFloats } from "./base64.ts";

const encode = (floats: Float32Array) => Buffer.from(floats.buffer).toString("base64");

afterEach(() => vi.unstubAllGlobals());

describe.each(["Buffer", "atob"])("base64 read by %s", (by) => {
  const hide = () => by === "atob" && vi.stubGlobal("Buffer", undefined);

  test("gives back every float, bit for bit", () => {
    fc.assert(
      fc.property(fc.float32Array(), (floats) => {
        const text = encode(floats);
        hide();
        expect(decodeFloats(text)).toStrictEqual(Array.from(floats));
        vi.unstubAllGlobals();
      }),
    );
  });

  test.each(["AAAA", "AAAAAA=", "AAAA$AA=", "AAAA AA==", "=AAAAAA=", "AAAAPw=A", "AAAAPx=="])(
    "refuses %j",
    (text) => {
      hide();
      expect(decodeFloats(text)).toBeUndefined();
    },
  );
});
