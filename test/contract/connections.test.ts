/** Connections that end at an awkward moment, as servers and gateways end them: nothing is lost, and nothing is sent for ever. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { honest } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { embeddingBody, vectorOf } from "@together-retrieval/test-server/honest";
import { readBody } from "@together-retrieval/test-server/request";
import { describe, expect, onTestFinished } from "vitest";
import { doors } from "./doors.ts";

/** Refuses a body of more bytes by its head alone, and does not read it, as gateways do. */
async function startStrict(mostBytes: number) {
  const sizes: number[] = [];
  const server = createServer(async (message, reply) => {
    const size = Number(message.headers["content-length"]);
    sizes.push(size);
    if (size > mostBytes) {
      reply.writeHead(413, { "content-type": "text/html", connection: "close" });
      reply.end("<html><title>413 Request Entity Too Large</title></html>");
      return;
    }
    const body = JSON.parse(await readBody(message));
    reply.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(embeddingBody(body)));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, sizes };
}

describe.each(doors)("a connection through $name", ({ open }) => {
  it("that the server closed after an answer does not fail the next call", async ({ server }) => {
    const door = open({ baseURL: server.baseURL, client: { maxRetries: 0 } });
    server.script(async (request, reply) => {
      await honest()(request, reply);
      reply.once("finish", () => reply.socket?.end());
    });
    const closed = server.nextRequest().then((request) => request.whenOver());
    expect(await door.embedQuery("one")).toEqual(vectorOf("one"));
    await closed;
    expect(await door.embedQuery("two")).toEqual(vectorOf("two"));
  });

  it("whose large body is refused before it is read carries smaller ones", async () => {
    const { baseURL, sizes } = await startStrict(400_000);
    const texts = Array.from({ length: 40 }, (_, at) => `${at} ${"word ".repeat(10_000)}`);
    const vectors = await open({ baseURL, embed: { batchSize: 40 } }).embedDocuments(texts);
    expect(vectors).toEqual(texts.map((text) => vectorOf(text)));
    expect(sizes.length).toBeLessThan(30);
  });
});
