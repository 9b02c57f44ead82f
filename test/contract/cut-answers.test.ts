/** Answers that stop before their end, in every framing -> asked for again, and no text blamed. */
import { createServer } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { TogetherApiError, TogetherConnectionError } from "@together-retrieval/core";
import { vectorOf } from "@together-retrieval/test-server/honest";
import { describe, expect, it, onTestFinished } from "vitest";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const REFUSED = OK.replace("200 OK", "400 Bad Request");
const CLOSE = "Connection: close\r\n";
const CHUNKED = "Transfer-Encoding: chunked\r\n";
const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`;

const vectors = JSON.stringify({ data: [{ index: 0, embedding: vectorOf("a") }] });
const scores = JSON.stringify({ results: [{ index: 0, relevance_score: 0.5 }] });
const whole = (body: string) => `${OK}${CLOSE}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const half = (body: string) => body.slice(0, body.length / 2);

/** Sends these bytes for the first request and then ends the connection; the whole answer for every other. */
async function startRawServer(first: string | Buffer, end: "FIN" | "RST", after: string) {
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
      socket.write(requests === 1 ? first : after, () =>
        end === "RST" && requests === 1 ? setImmediate(() => socket.resetAndDestroy()) : socket.end(),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { baseURL: `http://127.0.0.1:${port}/v1`, requests: () => requests };
}

function packed(encoding: string, bytes: Buffer): Buffer {
  const head = `${OK}Content-Encoding: ${encoding}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** What stands before the end of the connection, made of the whole answer. */
const cuts: [string, "FIN" | "RST", (body: string) => string | Buffer][] = [
  ["no length, cut", "FIN", (body) => `${OK}${CLOSE}\r\n${half(body)}`],
  ["no length, reset", "RST", (body) => `${OK}${CLOSE}\r\n${half(body)}`],
  ["no length and no word of closing", "FIN", (body) => `${OK}\r\n${half(body)}`],
  ["no length, only the last brace missing", "FIN", (body) => `${OK}${CLOSE}\r\n${body.slice(0, -1)}`],
  ["no length, with a byte order mark", "FIN", (body) => `${OK}${CLOSE}\r\n\ufeff${half(body)}`],
  ["no length and nothing of the body", "FIN", () => `${OK}\r\n`],
  ["HTTP/1.0, half", "FIN", (body) => `${OK.replace("1.1", "1.0")}\r\n${half(body)}`],
  ["HTTP/1.0, nothing of the body", "FIN", () => `${OK.replace("1.1", "1.0")}\r\n`],
  [
    "a length, and less than that",
    "FIN",
    (body) => `${OK}Content-Length: ${body.length}\r\n\r\n${half(body)}`,
  ],
  ["a length, and nothing", "FIN", (body) => `${OK}Content-Length: ${body.length}\r\n\r\n`],
  ["chunks, cut", "FIN", (body) => `${OK}${CLOSE}${CHUNKED}\r\n${chunk(half(body))}`],
  ["chunks, reset", "RST", (body) => `${OK}${CLOSE}${CHUNKED}\r\n${chunk(half(body))}`],
  ["chunks on a connection that was to stay", "FIN", (body) => `${OK}${CHUNKED}\r\n${chunk(half(body))}`],
  ["chunks, cut before the first", "FIN", () => `${OK}${CLOSE}${CHUNKED}\r\n`],
  ["chunks, and a list of words for closing", "FIN", () => `${OK}Connection: Close, TE\r\n${CHUNKED}\r\n`],
  // Node unpacks what there is, and reports a whole body.
  ["half of a gzip", "FIN", (body) => packed("gzip", gzipSync(body).subarray(0, -30))],
];

describe.each(doors)("an answer that stops short, through $name", ({ open }) => {
  const quick = (baseURL: string, maxRetries = 5) =>
    open({ baseURL, client: { maxRetryWaitMs: 5, maxRetries } });

  it.for(cuts)("is asked for again: %s", async ([, end, cut]) => {
    const embeds = await startRawServer(cut(vectors), end, whole(vectors));
    expect(await quick(embeds.baseURL).embedDocuments(["a"])).toEqual([vectorOf("a")]);
    expect(embeds.requests()).toBe(2);
    const query = await startRawServer(cut(vectors), end, whole(vectors));
    expect(await quick(query.baseURL).embedQuery("a")).toEqual(vectorOf("a"));
    const ranks = await startRawServer(cut(scores), end, whole(scores));
    expect(await quick(ranks.baseURL).rerank("query", ["a"])).toMatchObject([{ relevanceScore: 0.5 }]);
    expect(ranks.requests()).toBe(2);
    const once = await startRawServer(cut(vectors), end, whole(vectors));
    expect(await failureOf(quick(once.baseURL, 0).embedDocuments(["a"]))).toBeInstanceOf(
      TogetherConnectionError,
    );
  });

  const refusal = '{"error":{"message":"the input is too lo';
  it.for<[string, string]>([
    ["a length", `${REFUSED}Content-Length: 500\r\n\r\n${refusal}`],
    ["chunks", `${REFUSED}${CLOSE}${CHUNKED}\r\n${chunk(refusal)}`],
    ["no length", `${REFUSED}${CLOSE}\r\n${refusal}`],
  ])("is no reason to blame a text where it is a refusal with %s", async ([, cut]) => {
    const embeds = await startRawServer(cut, "FIN", whole(vectors));
    expect(await quick(embeds.baseURL).embedDocuments(["a"])).toEqual([vectorOf("a")]);
    const ranks = await startRawServer(cut, "FIN", whole(scores));
    expect(await quick(ranks.baseURL).rerank("query", ["a"])).toHaveLength(1);
    const once = await startRawServer(cut, "FIN", whole(vectors));
    const error = await failureOf(quick(once.baseURL, 0).embedDocuments(["a"]));
    expect(error).toBeInstanceOf(TogetherApiError);
    expect(error).toMatchObject({ status: 400, retryable: true });
    expect(error).not.toHaveProperty("inputIndex");
  });

  it.for<[string, string | Buffer]>([
    ["in gzip", packed("gzip", gzipSync(vectors))],
    ["in brotli", packed("br", brotliCompressSync(vectors))],
    ["in HTTP/1.0 without a length", `${OK.replace("1.1", "1.0")}\r\n${vectors}`],
    ["with a byte order mark", whole(`\ufeff${vectors}`)],
  ])("is another thing than one that is whole: %s", async ([, answer]) => {
    const server = await startRawServer(answer, "FIN", "");
    expect(await quick(server.baseURL).embedDocuments(["a"])).toEqual([vectorOf("a")]);
    expect(server.requests()).toBe(1);
  });

  it("is another thing than a refusal in plain words that claims to be JSON", async () => {
    const words = "too long";
    const plain = `${REFUSED}${CLOSE}Content-Length: ${words.length}\r\n\r\n${words}`;
    const server = await startRawServer(plain, "FIN", whole(vectors));
    expect(await failureOf(quick(server.baseURL).embedDocuments(["a"]))).toMatchObject({ inputIndex: 0 });
    expect(server.requests()).toBe(1);
  });
});
