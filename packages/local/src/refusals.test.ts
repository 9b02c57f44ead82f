import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalServer, startLocalServer } from "./index.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ maxBodyBytes: 10_000 });
});
afterAll(() => server.close());

const key = { authorization: "Bearer any" };
const embeddings = { model: "m", input: "text" };
const rerank = { model: "m", query: "q", documents: ["a"] };
const chat = { model: "m", messages: [{ role: "user", content: "hello" }] };

function post(path: string, body: unknown, headers: Record<string, string> = key): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    headers,
    body: typeof body === "string" || body instanceof Blob ? body : JSON.stringify(body),
  });
}

async function expectRefusal(response: Response, status: number, message: RegExp, param: string | null) {
  const body = await response.json();
  expect(response.status).toBe(status);
  expect(body).toEqual({
    id: response.headers.get("x-request-id"),
    error: {
      message: expect.stringMatching(message),
      type: expect.any(String),
      param,
      code: body.error.code,
    },
  });
}

const refused: [path: string, body: unknown, message: RegExp, param: string | null][] = [
  ["/embeddings", { ...embeddings, dimensions: 3, user: "me" }, /^Unrecognized .*: dimensions, user$/, null],
  ["/embeddings", { model: "m" }, /^Missing required argument: 'input'$/, "input"],
  ["/embeddings", { input: "text" }, /^Missing required argument: 'model'$/, "model"],
  ["/embeddings", { model: "m", input: [] }, /'input'.*>=1/, "input"],
  [
    "/embeddings",
    { model: "m", input: ["a", 3] },
    /'input\[1\]': .*expected string, received number/,
    "input[1]",
  ],
  ["/embeddings", { model: "m", input: ["a", null] }, /'input\[1\]'.*received null/, "input[1]"],
  ["/embeddings", { model: "m", input: 7 }, /'input'/, "input"],
  ["/embeddings", { model: "m", input: null }, /'input'/, "input"],
  ["/embeddings", { model: 5, input: "a" }, /'model'/, "model"],
  ["/embeddings", { model: "", input: "a" }, /'model'/, "model"],
  ["/embeddings", { ...embeddings, encoding_format: "hex" }, /'encoding_format'/, "encoding_format"],
  ["/rerank", { ...rerank, max_chunks: 3 }, /^Unrecognized request arguments supplied: max_chunks$/, null],
  ["/rerank", { model: "m", documents: ["a"] }, /^Missing required argument: 'query'$/, "query"],
  ["/rerank", { ...rerank, documents: [] }, /'documents'/, "documents"],
  ["/rerank", { ...rerank, documents: ["a", { b: 1 }] }, /'documents/, "documents[1]"],
  ["/rerank", { ...rerank, documents: "a" }, /'documents'/, "documents"],
  ["/rerank", { ...rerank, top_n: 0 }, /'top_n'/, "top_n"],
  ["/rerank", { ...rerank, top_n: 1.5 }, /'top_n'/, "top_n"],
  ["/rerank", { ...rerank, rank_fields: "a" }, /'rank_fields'/, "rank_fields"],
  ["/rerank", { ...rerank, return_documents: "yes" }, /'return_documents'/, "return_documents"],
  ["/chat/completions", { ...chat, nonsense: 1 }, /^Unrecognized .*: nonsense$/, null],
  ["/chat/completions", { model: "m" }, /^Missing required argument: 'messages'$/, "messages"],
  ["/chat/completions", { ...chat, messages: [] }, /'messages'/, "messages"],
  ["/chat/completions", { ...chat, messages: [{ role: "king", content: "a" }] }, /role/, "messages[0].role"],
  ["/chat/completions", { ...chat, messages: [{ role: "user" }] }, /^Missing/, "messages[0].content"],
  ["/chat/completions", { ...chat, messages: ["hi"] }, /expected object/, "messages[0]"],
  ["/chat/completions", { ...chat, messages: [{ content: "a" }] }, /expected one of/, "messages[0].role"],
  [
    "/chat/completions",
    { ...chat, messages: [{ role: "tool", content: "a" }] },
    /^Missing/,
    "messages[0].tool_call_id",
  ],
  ["/chat/completions", { ...chat, temperature: "hot" }, /expected number/, "temperature"],
  ["/chat/completions", { ...chat, top_k: 1.5 }, /expected int/, "top_k"],
  ["/chat/completions", { ...chat, tools: {} }, /expected array/, "tools"],
  ["/chat/completions", { ...chat, logprobs: 21 }, /'logprobs'/, "logprobs"],
  ["/chat/completions", { ...chat, stream: "yes" }, /expected boolean/, "stream"],
  ["/chat/completions", { ...chat, function_call: { name: "f" } }, /function_call/, "function_call"],
  ["/chat/completions", { ...chat, max_tokens: 0 }, /'max_tokens'/, "max_tokens"],
  [
    "/chat/completions",
    { ...chat, response_format: { type: "json_object" } },
    /response_format/,
    "response_format.type",
  ],
  ["/chat/completions", { ...chat, tool_choice: "required" }, /tool_choice/, "tool_choice"],
];
describe.each(refused)("POST %s with %j", (path, body, message, param) => {
  test(`is a 400 about ${param ?? "the unknown arguments"}`, async () => {
    await expectRefusal(await post(path, body), 400, message, param);
  });
});

describe.each(["/embeddings", "/rerank", "/chat/completions"])("POST %s", (path) => {
  test.each([
    ["no JSON", "{nope"],
    ["nothing", ""],
    ["a JSON array", "[]"],
    ["bytes that are not UTF-8", new Blob([new Uint8Array([0x22, 0xff, 0x22])])],
  ])("refuses %s with 400", async (_, body) => {
    await expectRefusal(await post(path, body), 400, /JSON/, null);
  });

  test("refuses a body above the limit with 413, after the client has sent all of it", async () => {
    await expectRefusal(await post(path, "x".repeat(2_000_000)), 413, /2000000 bytes; at most 10000/, null);
  });

  test("asks for a key", async () => {
    await expectRefusal(await post(path, {}, {}), 401, /Missing API key/, null);
    await expectRefusal(await post(path, {}, { authorization: "Basic abc" }), 401, /Missing API key/, null);
  });

  test("refuses another method with 405 and names the right one", async () => {
    const response = await fetch(server.url + path, { headers: key });
    expect(response.headers.get("allow")).toBe("POST");
    await expectRefusal(response, 405, /POST/, null);
  });
});

describe("a server with room for large bodies", () => {
  let roomy: LocalServer;
  beforeAll(async () => {
    roomy = await startLocalServer({ dimensions: { wide: 65_536 } });
    return () => roomy.close();
  });
  const send = (path: string, body: string) =>
    fetch(roomy.url + path, { method: "POST", headers: key, body });

  test("refuses documents that are nested too deeply to be written again", async () => {
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    const body = `{"model":"m","query":"q","documents":[{"a":${deep}}]}`;
    await expectRefusal(await send("/rerank", body), 400, /nested too deeply/, "documents");
  });

  test("refuses more vectors than it holds in memory with 413", async () => {
    const ask = (count: number, model: string) =>
      send("/embeddings", JSON.stringify({ model, input: new Array(count).fill("a") }));
    await expectRefusal(await ask(21_846, "m"), 413, /^At most 21845 vectors of 384/, null);
    await expectRefusal(await ask(129, "wide"), 413, /^At most 128 vectors of 65536/, null);
  });
});

test("the list of models refuses a filter that is none", async () => {
  const response = await fetch(`${server.url}/models?dedicated=perhaps`, { headers: key });
  await expectRefusal(response, 400, /expected true or false/, "dedicated");
});

test("an unknown route is a 404", async () => {
  await expectRefusal(await post("/images", {}), 404, /POST \/v1\/images/, null);
});

test("the list of models asks for a key and refuses POST", async () => {
  await expectRefusal(await fetch(`${server.url}/models`), 401, /Missing API key/, null);
  await expectRefusal(await post("/models", {}), 405, /GET/, null);
});

test("a server with a key refuses every other, and its answer does not hold it", async () => {
  const guarded = await startLocalServer({ apiKey: "right-key" });
  const ask = (sent: string) =>
    fetch(`${guarded.url}/models`, { headers: { authorization: `Bearer ${sent}` } });
  const refused = await ask("wrong-key");
  expect(refused.status).toBe(401);
  expect(await refused.text()).not.toMatch(/right-key|wrong-key/);
  expect((await ask("right-key")).status).toBe(200);
  await guarded.close();
});
