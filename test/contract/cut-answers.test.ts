/** Answers that stop before their end, however the connection ends: they are asked for again, and never taken for a whole. */
import { createServer } from "node:net";
import { TogetherConnectionError } from "@together-retrieval/core";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect, it } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

/** Bytes as they are, whatever they say, and then the end of the connection. */
async function startRawServer(reply: string, end: "FIN" | "RST", answers: { after: string }) {
  let requests = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    let got = "";
    socket.on("data", (bytes) => {
      got += bytes;
      const [head = "", body = ""] = got.split("\r\n\r\n");
      if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) return;
      got = "";
      requests++;
      socket.write(requests === 1 ? reply : answers.after, () =>
        end === "RST" && requests === 1 ? setImmediate(() => socket.resetAndDestroy()) : socket.end(),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const whole = JSON.stringify({ data: [{ index: 0, embedding: vectorOf("a") }] });
const half = whole.slice(0, 60);

describe.each(doors)("an answer through $name", ({ open }) => {
  it.for<[string, string, "FIN" | "RST"]>([
    ["no length, cut by FIN", `${head}Connection: close\r\n\r\n${half}`, "FIN"],
    ["no length and no word of closing, cut by FIN", `${head}\r\n${half}`, "FIN"],
    ["no length, cut by RST", `${head}Connection: close\r\n\r\n${half}`, "RST"],
    [
      "chunks, cut by FIN",
      `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${half.length.toString(16)}\r\n${half}\r\n`,
      "FIN",
    ],
    [
      "chunks, cut by RST",
      `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${half.length.toString(16)}\r\n${half}\r\n`,
      "RST",
    ],
    [
      "chunks on a connection that was to stay, cut by FIN",
      `${head}Transfer-Encoding: chunked\r\n\r\n${half.length.toString(16)}\r\n${half}\r\n`,
      "FIN",
    ],
    [
      "chunks, cut before the first by FIN",
      `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`,
      "FIN",
    ],
  ])("that stops short is asked for again: %s", async ([, cut, end]) => {
    const after = `${head}Connection: close\r\nContent-Length: ${whole.length}\r\n\r\n${whole}`;
    const raw = await startRawServer(cut, end, { after });
    try {
      const door = open({ baseURL: raw.baseURL, client: { maxRetryWaitMs: 5 } });
      expect(await door.embedDocuments(["a"])).toEqual([vectorOf("a")]);
      expect(raw.requests()).toBe(2);
    } finally {
      await raw.close();
    }
    const again = await startRawServer(cut, end, { after });
    try {
      const door = open({ baseURL: again.baseURL, client: { maxRetries: 0 } });
      expect(await failureOf(door.embedDocuments(["a"]))).toBeInstanceOf(TogetherConnectionError);
    } finally {
      await again.close();
    }
  });
});
