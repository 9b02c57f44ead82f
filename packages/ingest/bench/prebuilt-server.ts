/** A server whose answers are written beforehand: it costs the machine as little as can be -> its port, as a message */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const dimensions = Number(process.argv[2]);

/** 256 vectors, in base64, after their index. */
const endings = Array.from({ length: 256 }, (_, at) => {
  const vector = Float32Array.from({ length: dimensions }, (_, n) => Math.sin(at * 31 + n * 7 + 1));
  const base64 = Buffer.from(vector.buffer).toString("base64");
  return `,"object":"embedding","embedding":"${base64}"}`;
});

const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { input } = JSON.parse(Buffer.concat(parts).toString()) as { input: string[] };
  const data = input.map((text, index) => `{"index":${index}${endings[text.charCodeAt(7) & 255]}`);
  const usage = `{"prompt_tokens":${12 * input.length},"total_tokens":${12 * input.length}}`;
  response.setHeader("content-type", "application/json");
  response.end(`{"object":"list","model":"bench","data":[${data.join(",")}],"usage":${usage}}`);
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
