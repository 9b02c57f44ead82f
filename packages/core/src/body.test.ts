import { afterEach, describe, expect, test, vi } from "vitest";
import { readBody } from "./body.ts";

const never = new AbortController().signal;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** All chunks are there before anything is read. */
function responseOf(chunks: (string | Uint8Array)[], onCancel = () => {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? bytesOf(chunk) : chunk);
      controller.close();
    },
    cancel: onCancel,
  });
  return new Response(body);
}

const chunks = ['{"data":[{"embe', 'dding":[0.5,', '0.25]},{"embedding":"AAAA', 'Pw=="}]}'];
const body = { data: [{ embedding: [0.5, 0.25] }, { embedding: "AAAAPw==" }] };

afterEach(() => void vi.restoreAllMocks());

describe("the body of an answer", () => {
  test("is read from the chunks in which it comes", async () => {
    expect(await readBody(responseOf(chunks), never)).toEqual(body);
  });

  test("may be cut inside of a character", async () => {
    const bytes = bytesOf('{"message":"Zu groß: 👩‍👩‍👧"}');
    const parts = Array.from({ length: bytes.length }, (_, at) => bytes.slice(at, at + 1));
    expect(await readBody(responseOf(parts), never)).toEqual({ message: "Zu groß: 👩‍👩‍👧" });
  });

  test("may be of another kind than the platform's, as of some replacements of `fetch`", async () => {
    const other = { body: { pipe() {} }, arrayBuffer: async () => bytesOf(chunks.join("")).buffer };
    expect(await readBody(other as unknown as Response, never)).toEqual(body);
    const textOf = (text: string) => ({ ...other, arrayBuffer: async () => bytesOf(text).buffer });
    expect(await readBody(textOf("") as unknown as Response, never)).toBeUndefined();
    await expect(readBody(textOf('{"data') as unknown as Response, never)).rejects.toThrow("stopped");
  });

  test("is nothing where the platform says that there is none", async () => {
    expect(await readBody(new Response(null), never)).toBeUndefined();
  });

  test("that is empty and says so is complete, whatever becomes of its connection", async () => {
    const headers = { connection: "close", "content-length": "0" };
    expect(await readBody(new Response("", { headers }), never)).toBeUndefined();
    await expect(readBody(new Response("", { headers: { connection: "close" } }), never)).rejects.toThrow(
      "stopped",
    );
  });

  test.each(["", "<html>", "NaN5", '{"data":]}', 'error: {"data', " x["])(
    "is nothing where it is not JSON: %j",
    async (text) => {
      expect(await readBody(responseOf([text]), never)).toBeUndefined();
    },
  );

  test.each(['{"data":[', "\n [1,", '{"data', '[{"embedding":"AAAA', '{"data":"]}\\"'])(
    "is broken off where it stops short and nothing else tells its end: %j",
    async (text) => {
      await expect(readBody(responseOf([text]), never)).rejects.toThrow("stopped in the middle");
      const whole = new Response(text, { headers: { "content-length": String(text.length) } });
      expect(await readBody(whole, never)).toBeUndefined();
    },
  );

  test("holds null where Python wrote a number that is not finite, but not in strings", async () => {
    const text = '{"embedding":[1,NaN,-Infinity,Infinity],"words":"NaN \\" Infinity","NaN":NaN}';
    expect(await readBody(responseOf([text]), never)).toEqual({
      ...{ embedding: [1, null, null, null], words: 'NaN " Infinity', NaN: null },
    });
  });

  test.each(["goes on", "stalls"])(
    "is left to the server once nobody waits for it, if it %s",
    async (way) => {
      const controller = new AbortController();
      const onCancel = vi.fn();
      const body = new ReadableStream<Uint8Array>({
        pull(stream) {
          if (way === "goes on") stream.enqueue(bytesOf("["));
          controller.abort(new Error("enough"));
          return way === "goes on" ? undefined : new Promise(() => {});
        },
        cancel: onCancel,
      });
      await expect(readBody(new Response(body), controller.signal)).rejects.toThrow("enough");
      expect(onCancel).toHaveBeenCalledOnce();
    },
  );

  test("is left to the server when it comes too late", async () => {
    const onCancel = vi.fn();
    const late = new Response(new ReadableStream({ cancel: onCancel }));
    await expect(readBody(late, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    expect(onCancel).toHaveBeenCalledOnce();
  });

  test("is not even begun when nobody waits for it any more", async () => {
    const arrayBuffer = vi.fn();
    const response = { body: null, arrayBuffer } as unknown as Response;
    await expect(readBody(response, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    expect(arrayBuffer).not.toHaveBeenCalled();
  });

  test("is left to the server when what comes cannot be bytes", async () => {
    const onCancel = vi.fn();
    const body = new ReadableStream({ pull: (stream) => stream.enqueue(null), cancel: onCancel });
    await expect(readBody({ body } as Response, never)).rejects.toThrow(TypeError);
    expect(onCancel).toHaveBeenCalledOnce();
  });
});

describe("answers that come together", () => {
  test("are each parsed in a turn of the event loop of its own", async () => {
    let turns = 0;
    const count = () => {
      turns++;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const turnOf = async () => {
      await readBody(responseOf(chunks), never);
      return turns;
    };
    const parsedIn = await Promise.all(Array.from({ length: 5 }, turnOf));
    clearImmediate(next);
    expect(new Set(parsedIn).size).toBe(5);
  });

  test("are not stopped by a program's fake timers", async () => {
    vi.useFakeTimers();
    try {
      expect(await readBody(responseOf(chunks), never)).toEqual(body);
    } finally {
      vi.useRealTimers();
    }
  });
});
