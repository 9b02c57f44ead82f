/**
 * A server of embeddings that costs the machine as little as can be -> its port, as a message. It is not the tests' server, because
 * that one keeps every request: a million texts would fill its memory, and its time would count as ingest's.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const dimensions = Number(process.argv[2]);

/** Every text gets another vector of uniform numbers, because an index of equal vectors is built in no time. */
function vectorOf(text: string): string {
  let state = [...text].reduce(
    (seed, letter) => Math.imul(seed ^ letter.charCodeAt(0), 16_777_619),
    2_166_136_261,
  );
  const vector = Float32Array.from({ length: dimensions }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  });
  return Buffer.from(vector.buffer).toString("base64");
}

const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { input } = JSON.parse(Buffer.concat(parts).toString()) as { input: string[] };
  const data = input.map(
    (text, index) => `{"index":${index},"object":"embedding","embedding":"${vectorOf(text)}"}`,
  );
  const usage = `{"prompt_tokens":${12 * input.length},"total_tokens":${12 * input.length}}`;
  response.setHeader("content-type", "application/json");
  response.end(`{"object":"list","model":"bench","data":[${data.join(",")}],"usage":${usage}}`);
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
