/** The address of a running server -> what it does, found with a dozen small requests, and the client's options for it. */

export interface CheckOptions {
  model: string;
  /** Without a rerank model, reranking is not checked. */
  rerankModel?: string | undefined;
  /** Sent as `Authorization: Bearer`; never shown. */
  key?: string | undefined;
  /** How long one request may take, in milliseconds. @default 10000 */
  timeoutMs?: number;
  /** How long all of them may take, in milliseconds. @default 60000 */
  totalMs?: number;
}

export interface Report {
  /** A question, and what the server did. */
  rows: [question: string, answer: string][];
  /** Options for the client that differ from its defaults. */
  options: Record<string, unknown>;
  /** Promises that cannot be kept with this server; empty when all can. */
  broken: string[];
}

interface Answer {
  status: number;
  json: unknown;
  text: string;
  headers: Headers;
}
type Post = (path: string, body: object) => Promise<Answer>;
type Item = { index?: number; embedding?: unknown; score?: number; relevance_score?: number };

const texts = ["A cat sleeps.", "Rain is falling.", "The loan has interest."];

/** @throws Error that says why when nobody answers, the answer is not JSON, or the model is refused. */
export async function check(url: string, options: CheckOptions): Promise<Report> {
  const base = url.replace(/\/+$/, "");
  const { model, rerankModel } = options;
  const signal = AbortSignal.timeout(options.totalMs ?? 60_000);
  const post: Post = (path, body) => ask(path, body, options, signal);
  const embed = (body: object) => post(`${base}/embeddings`, { model, ...body });
  const report: Report = { rows: [], options: {}, broken: [] };
  const { rows } = report;

  const first = await embed({ input: texts });
  const vectors = vectorsOf(first);
  if (!vectors) {
    const words = options.key ? wordsOf(first).replaceAll(options.key, "[key]") : wordsOf(first);
    throw new Error(`${base}/embeddings answers ${first.status}: ${words}`);
  }
  const singles: (number[] | undefined)[] = [];
  for (const input of texts) singles.push(vectorsOf(await embed({ input: [input] }))?.[0]);
  const inOrder = vectors.length === texts.length && vectors.every((row, at) => same(row, singles[at]));
  rows.push(["Vectors", `${vectors.length} of ${vectors[0]?.length ?? 0} numbers`]);
  rows.push(["Order", inOrder ? "a text's vector is the same alone and among others" : "vectors differ"]);
  if (!inOrder) report.broken.push("each vector belongs to its text");
  rows.push(["`index`", itemsOf(first.json).every(({ index }, at) => index === at) ? "0, 1, 2" : "missing"]);
  rows.push(["Usage", usageOf(first.json)]);
  await encoding(embed, vectors, report);
  await itemLimit(embed, report);
  const long = await embed({ input: ["word ".repeat(40_000)] });
  rows.push(["A text of 40,000 words", long.status < 300 ? "cut, or read" : refusalOf(long)]);
  const unknown = await embed({ input: texts, no_such_member: true });
  rows.push(["An unknown member", unknown.status < 300 ? "ignored" : refusalOf(unknown)]);
  const wrong = await embed({ input: { not: "a text" } });
  rows.push(["Errors", wrong.status < 300 ? "a wrong request is taken" : refusalOf(wrong)]);
  if (wrong.status < 300) report.broken.push("a refusal is an error");
  rows.push(["Limit headers", limitsOf(first.headers)]);
  rows.push(["Key", options.key === undefined ? "none needed" : "sent"]);
  if (options.key === undefined) report.options.apiKey = false;
  if (rerankModel !== undefined) await ranking(post, base, rerankModel, report);
  return withoutKey(report, options.key);
}

/** A server may repeat the key in its message. */
function withoutKey(report: Report, key: string | undefined): Report {
  if (!key) return report;
  const rows = report.rows.map(([question, answer]): [string, string] => [
    question,
    answer.replaceAll(key, "[key]"),
  ]);
  return { ...report, rows };
}

async function encoding(embed: (body: object) => Promise<Answer>, floats: number[][], report: Report) {
  const answer = await embed({ input: texts, encoding_format: "base64" });
  const sent = itemsOf(answer.json)[0]?.embedding;
  const decoded = vectorsOf(answer);
  const equal = decoded?.length === floats.length && decoded.every((row, at) => same(row, floats[at]));
  if (typeof sent === "string" && equal) return report.rows.push(["base64", "the same vectors"]);
  report.options.encodingFormat = "float";
  if (typeof sent === "string") return report.rows.push(["base64", "other vectors than as floats"]);
  return report.rows.push(["base64", decoded ? "ignored, floats are sent" : refusalOf(answer)]);
}

/** The client sends 100 texts in a request unless told otherwise, and learns by itself what a server takes. */
const BATCH_SIZE = 100;

async function itemLimit(embed: (body: object) => Promise<Answer>, report: Report) {
  const takes = async (count: number) => {
    const answer = await embed({ input: Array.from({ length: count }, () => "a") });
    return vectorsOf(answer)?.length === count;
  };
  if (await takes(BATCH_SIZE)) return report.rows.push(["Texts a request", `${BATCH_SIZE} are taken`]);
  let [taken, refused] = [texts.length, BATCH_SIZE];
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2);
    if (await takes(middle)) taken = middle;
    else refused = middle;
  }
  report.options.batchSize = taken;
  return report.rows.push(["Texts a request", `at most ${taken}`]);
}

async function ranking(post: Post, base: string, model: string, report: Report) {
  const query = "What does a cat do?";
  const root = base.replace(/\/v\d+$/, "");
  const asked = await post(`${base}/rerank`, { model, query, documents: texts });
  const tei = rankedOf(asked) ? undefined : await post(`${root}/rerank`, { query, texts });
  const answer = rankedOf(asked) ? asked : tei;
  const ranked = answer && rankedOf(answer);
  if (!answer || ranked?.length !== texts.length) {
    report.broken.push("a ranking has a score for every document");
    return report.rows.push(["Rerank", refusalOf(asked)]);
  }
  if (answer === tei) report.options.wire = "tei";
  const shape = Array.isArray(answer.json)
    ? "a bare array"
    : "results" in Object(answer.json)
      ? "`results`"
      : "`data`";
  const scores = ranked.map(({ relevance_score, score }) => relevance_score ?? score ?? Number.NaN);
  if (shape === "`data`") report.options.wire = "voyage";
  report.rows.push(["Rerank", `${shape}${answer === tei ? ", asked with `texts` at the root" : ""}`]);
  const probable = scores.every((score) => score >= 0 && score <= 1);
  return report.rows.push([
    "Scores",
    `${Math.min(...scores).toFixed(3)} to ${Math.max(...scores).toFixed(3)}${probable ? "" : ", logits: `scoreThreshold` is on this scale"}`,
  ]);
}

async function ask(
  address: string,
  body: object,
  { key, timeoutMs = 10_000 }: CheckOptions,
  whole: AbortSignal,
): Promise<Answer> {
  const headers = {
    "content-type": "application/json",
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
  const signal = AbortSignal.any([whole, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(body), signal });
    const text = await response.text();
    if (/^\s*</.test(text)) {
      throw new Error(
        `${address} answers with a web page (${response.status}); does the base URL end in /v1?`,
      );
    }
    return { status: response.status, json: parsed(text), text, headers: response.headers };
  } catch (error) {
    if (whole.aborted) throw new Error(`${address} is so slow that the check was given up`);
    if (signal.aborted) throw new Error(`${address} did not answer within ${timeoutMs} ms`);
    if (!(error instanceof TypeError)) throw error;
    const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
    throw new Error(`${address} cannot be reached${code ? ` (${code})` : ""}; is the server running?`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The list of an answer, wherever it stands. */
function itemsOf(json: unknown): Item[] {
  const { data, results } = Object(json) as { data?: unknown; results?: unknown };
  const list = [json, results, data].find(Array.isArray) ?? [];
  return list.filter((item: unknown) => typeof item === "object" && item !== null);
}

function rankedOf({ status, json }: Answer): Item[] | undefined {
  const items = itemsOf(json);
  const isScored = ({ relevance_score, score }: Item) => typeof (relevance_score ?? score) === "number";
  return status < 300 && items.length > 0 && items.every(isScored) ? items : undefined;
}

/** One row for each text, placed by `index` if there is one. */
function vectorsOf({ status, json }: Answer): number[][] | undefined {
  const items = itemsOf(json);
  if (status >= 300 || items.length === 0) return undefined;
  const rows: number[][] = [];
  for (const [at, { index = at, embedding }] of items.entries()) {
    const row = typeof embedding === "string" ? fromBase64(embedding) : embedding;
    if (!Array.isArray(row)) return undefined;
    rows[index] = Array.isArray(row[0]) ? row[0] : row;
  }
  return rows;
}

function fromBase64(text: string): number[] {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return Array.from(new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4)));
}

/** Whether two vectors mean the same: servers compute batches in other orders. */
function same(a: number[] | undefined, b: number[] | undefined): boolean {
  if (!a || a.length !== b?.length) return false;
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) > 0.99;
}

function usageOf(json: unknown): string {
  const usage = Object(Object(json).usage) as Record<string, unknown>;
  return (
    Object.entries(usage)
      .map(([name, value]) => `\`${name}\` ${value}`)
      .join(", ") || "none"
  );
}

/** Which limit headers came, by name. */
function limitsOf(headers: Headers): string {
  return [...headers.keys()].filter((name) => /ratelimit|tokenlimit/.test(name)).join(", ") || "none";
}

function refusalOf(answer: Answer): string {
  return `${answer.status}: ${wordsOf(answer)}`;
}

/** The server's words; its validators may quote the texts, which are this program's own. */
function wordsOf({ json, text }: Answer): string {
  const words = messageIn(json) ?? (json === undefined ? text : JSON.stringify(json));
  return words.length > 120 ? `${words.slice(0, 120)}…` : words || "no words";
}

/** The first message, wherever it stands: `error.message`, `message`, `detail[0].msg`, … */
function messageIn(value: unknown): string | undefined {
  if (typeof value === "string") return value || undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return value.map(messageIn).find(Boolean);
  const { error, message, detail, msg, errors } = value as Record<string, unknown>;
  return [error, message, detail, msg, errors].map(messageIn).find(Boolean);
}

/** The report as a table, then the options, then what cannot be kept. */
export function shown({ rows, options, broken }: Report): string {
  const width = Math.max(...rows.map(([question]) => question.length));
  const table = rows.map(([question, answer]) => `${question.padEnd(width)}  ${answer}`);
  const promises = broken.map((promise) => `cannot be kept: ${promise}`);
  return [...table, "", `options: ${JSON.stringify(options)}`, ...promises].join("\n");
}
