import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Connections } from "./connections.ts";

const clients: Socket[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** A server, and a client that has sent it these bytes, which it has seen. */
async function serve(answer: RequestListener, bytes: string, patienceMs?: number) {
  const server = createServer(answer);
  const connections = new Connections(server, patienceMs);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const connected = once(server, "connection");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  clients.push(client);
  const [socket] = (await connected) as [Socket];
  client.write(bytes);
  while (socket.bytesRead < bytes.length) await new Promise((resolve) => setImmediate(resolve));
  return { connections, client };
}

const whole = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const halfBody = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{";
const never: RequestListener = () => {};

test.each([
  ["is silent", ""],
  ["has sent half of its headers", "POST / HTTP/1.1\r\nhost: x\r\n"],
  ["was answered and is kept alive", whole],
])("a connection that %s does not keep a closing server waiting", async (_, bytes) => {
  const { connections, client } = await serve((_request, response) => response.end("done"), bytes, 2 ** 31);
  if (bytes === whole) await once(client, "data");
  await connections.end();
});

test("an answer in flight is finished, however long it takes, and its connection ends", async () => {
  let finish = () => {};
  const { connections, client } = await serve(
    (_request, response) => {
      finish = () => response.end("at last");
    },
    whole,
    0,
  );
  const received = client.setEncoding("utf8").toArray();
  let ended = false;
  const end = connections.end().then(() => (ended = true));
  // Three checks of the closing server, to which the answer is none that the client keeps waiting.
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(ended).toBe(false);
  finish();
  expect((await received).join("")).toMatch(/at last/);
  await end;
});

test("a client that does not send its body is not waited for in vain", async () => {
  const { connections } = await serve(never, halfBody, 50);
  await connections.end();
});

test("a client that does not read its answer is not waited for in vain", async () => {
  const { connections, client } = await serve(
    (_request, response) => response.end(Buffer.alloc(50_000_000)),
    whole,
    50,
  );
  client.pause();
  await connections.end();
});
