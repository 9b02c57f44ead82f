/**
 * Malformed HTTP, JSON, Unicode and arguments against the command, as a process of its own: none may crash it, hang it, or get a 5xx,
 * and its vectors must be the same afterwards. `tsx bench/local/fuzz.ts [inputs=10000] [seed=1]`.
 */
import { connect } from "node:net";
import ensureBuilt from "../../packages/local/scripts/ensure-built.ts";
import { chance } from "../../packages/local/src/chance.ts";
import { startCommand } from "./command.ts";

const inputs = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);

let draws = 0;
const random = () => chance(seed, draws++);
const below = (limit: number) => Math.floor(random() * limit);
const pick = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0];

const paths = ["/v1/embeddings", "/v1/rerank", "/v1/chat/completions"] as const;
const valid = {
  "/v1/embeddings": { model: "m", input: ["one", "two words"], encoding_format: "base64" },
  "/v1/rerank": { model: "m", query: "q", documents: [{ a: "x" }, { b: 1 }], top_n: 1, rank_fields: ["a"] },
  "/v1/chat/completions": { model: "m", messages: [{ role: "user", content: "Tea is hot.\nIs tea hot?" }] },
};
const oddTexts = [
  ...[
    "",
    " ",
    "\u0000",
    "\ud800",
    "\udfff\ud800",
    "\u202e\u200d\ufeff",
    "e\u0301".repeat(50),
    "👩‍👩‍👧‍👦",
    "\uffff",
  ],
  ...[
    "ﷺ".repeat(30),
    "İıſK",
    "a".repeat(5000),
    "__proto__",
    "constructor",
    "[CLS]",
    "[MASK] [SEP]",
    "$&\\u0000",
  ],
] as const;
const oddValues = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    0.1,
    [],
    {},
    [[]],
    [null],
    { text: null },
    { toString: 1 },
    "x",
    ["a", 1],
    2 ** 53,
  ],
  { __proto__: null, length: 1e9 },
] as const;

const oddText = () => (random() < 0.5 ? pick(oddTexts as readonly [string, ...string[]]) : randomText());

function randomText(): string {
  return Array.from({ length: below(40) }, () =>
    String.fromCodePoint(pick([below(128), below(0xd7ff), 0x1f300 + below(700)])),
  ).join("");
}

/** A valid body with one or more places changed, at any depth. */
function changed(value: unknown): unknown {
  if (random() < 0.25)
    return random() < 0.5 ? oddText() : pick(oddValues as readonly [unknown, ...unknown[]]);
  if (Array.isArray(value)) {
    const items = value.map((item) => (random() < 0.5 ? changed(item) : item));
    return random() < 0.2 ? [...items, changed(items[0])] : items;
  }
  if (typeof value !== "object" || value === null) return typeof value === "string" ? oddText() : value;
  const entries = Object.entries(value).filter(() => random() > 0.1);
  if (random() < 0.2) entries.push([oddText(), changed(null)]);
  return Object.fromEntries(entries.map(([key, item]) => [key, random() < 0.6 ? changed(item) : item]));
}

/** The same shape with other texts: what is inside the texts must never matter. */
function retold(value: unknown, key = ""): unknown {
  if (typeof value === "string") return ["role", "encoding_format"].includes(key) ? value : oddText();
  if (Array.isArray(value)) return value.map((item) => retold(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, retold(item, name)]));
}

/** The bytes with some of them changed, removed or doubled. */
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = below(4); i >= 0; i--) copy[below(copy.length)] = below(256);
  return random() < 0.3 ? copy.subarray(0, below(copy.length)) : copy;
}

function request(): Buffer {
  const path = pick(paths);
  const text = JSON.stringify(random() < 0.5 ? changed(valid[path]) : retold(valid[path])) ?? "";
  const body = random() < 0.2 && text ? damaged(Buffer.from(text)) : Buffer.from(text);
  const length = random() < 0.05 ? pick([0, -1, body.length + 5, 1e12] as const) : body.length;
  // Most requests are valid HTTP: others would never reach the routes.
  const or = <T>(usual: T, odd: readonly [T, ...T[]]): T => (random() < 0.9 ? usual : pick(odd));
  const head = [
    `${or("POST", ["GET", "PUT", "OPTIONS", "HEAD", "BREW"])} ${or(path, ["/v1/models", "/", "/%ff", "/v1/../v1/models?a=%zz", "//x"])} HTTP/1.1`,
    `host: ${or("localhost", ["", "a b", "[::"])}`,
    `authorization: ${or("Bearer k", ["Bearer", "Basic ÿ", ""])}`,
    `content-type: ${or("application/json", ["text/plain", ";;;"])}`,
    `content-length: ${length}`,
    "connection: close",
  ];
  if (random() < 0.05) head.push(`x-${"y".repeat(below(30_000))}: z`);
  if (random() < 0.03) head.push("transfer-encoding: chunked");
  const whole = Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
  return random() < 0.1 ? damaged(whole) : whole;
}

/**
 * Sends the bytes and gives the status of what comes back; 0 when the connection was closed without an answer. What the server takes
 * for the beginning of a request it rightly waits for: after two silent seconds the client ends its side.
 */
function send(port: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    const patience = setTimeout(() => socket.end(), 2000);
    const hang = setTimeout(() => {
      socket.destroy();
      reject(new Error(`No end after 30 s of: ${JSON.stringify(bytes.toString("latin1").slice(0, 2000))}`));
    }, 30_000);
    const settle = () => {
      clearTimeout(patience);
      clearTimeout(hang);
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0));
    };
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("close", settle).on("error", settle);
    socket.write(bytes);
  });
}

await ensureBuilt();
const server = await startCommand();
const port = Number(new URL(server.url).port);
const fingerprint = async () => {
  const response = await fetch(`${server.url}/embeddings`, {
    method: "POST",
    headers: { authorization: "Bearer k" },
    body: JSON.stringify({ model: "m", input: ["the same", "as before"], encoding_format: "base64" }),
  });
  return JSON.stringify((await response.json()).data);
};

const before = await fingerprint();
const statuses = new Map<number, number>();
const failures: string[] = [];
for (let sent = 0; sent < inputs; sent += 50) {
  const batch = Array.from({ length: Math.min(50, inputs - sent) }, request);
  await Promise.all(
    batch.map(async (bytes) => {
      const status = await send(port, bytes);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500)
        failures.push(`${status}: ${JSON.stringify(bytes.toString("latin1").slice(0, 2000))}`);
    }),
  );
}
const same = (await fingerprint()) === before;
server.stop();

console.log(`${inputs} inputs, seed ${seed}; statuses (0: closed without an answer):`);
for (const [status, count] of [...statuses].sort(([a], [b]) => a - b)) console.log(`  ${status} × ${count}`);
console.log(`answers of 500 and above: ${failures.length}; vectors the same afterwards: ${same}`);
for (const failure of failures.slice(0, 5)) console.log(failure);
if (failures.length > 0 || !same) process.exitCode = 1;
