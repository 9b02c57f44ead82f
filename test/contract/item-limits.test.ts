/** Servers that take few items a request, refuse a request as a whole, or do not know an argument: few requests, and no text blamed. */
import { type Answer, after, answer, gate, honest, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { scoreOf, vectorOf } from "@together-retrieval/test-server/honest";
import type { Request } from "@together-retrieval/test-server/request";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const texts = Array.from({ length: 1_000 }, (_, at) => `text ${at}`.padEnd(10 + ((at * 37) % 50), "."));
const CONCURRENCY = 4;
const sizeOf = ({ inputs, documents }: Request) => inputs.length + documents.length;

/** Takes only so many items, and refuses more in these words. */
function taking(most: number, status: number, words: (sent: number) => string): Answer {
  return (request, reply) => {
    const sent = sizeOf(request);
    return (sent > most ? refuse(status, { message: words(sent) }) : honest())(request, reply);
  };
}

/** Words of servers, from their sources and from public reports. */
const named: [string, number, number, (sent: number) => string][] = [
  ["TEI", 32, 422, (sent) => `batch size ${sent} > maximum allowed batch size 32`],
  ["TEI before 1.9", 32, 413, (sent) => `batch size ${sent} > maximum allowed batch size 32`],
  ["Cohere", 96, 400, (sent) => `total number of texts must be at most 96 - received ${sent}`],
  ["DashScope", 10, 400, () => "batch size is invalid, it should not be larger than 10"],
  ["Infinity", 20, 422, (sent) => `List should have at most 20 items after validation, not ${sent}`],
  [
    "OpenAI",
    20,
    400,
    (sent) =>
      `Invalid 'input': array too long. Expected an array with maximum length 20, but got an array with length ${sent} instead.`,
  ],
];

describe.each(doors)("a server that takes few items, through $name", ({ open }) => {
  const opened = (baseURL: string) => open({ baseURL, client: { maxConcurrency: CONCURRENCY } });

  it.for(named)(
    "and says how many, as %s does, refuses only what was in flight",
    async ([, most, status, words], { server }) => {
      server.always(taking(most, status, words));
      const door = opened(server.baseURL);
      expect(await door.embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
      const refused = server.requests.filter((request) => sizeOf(request) > most);
      expect(refused.length).toBeLessThanOrEqual(CONCURRENCY);
      // All others are full, but the last.
      expect(server.requests.length - refused.length).toBe(Math.ceil(texts.length / most));
      server.requests.length = 0;
      await door.embedDocuments(texts.map((text) => `${text} again`));
      expect(server.requests.map(sizeOf).sort((a, b) => b - a)).toEqual([
        ...Array(Math.floor(texts.length / most)).fill(most),
        ...(texts.length % most ? [texts.length % most] : []),
      ]);
    },
  );

  it("is kept as busy as any other in the second call, and texts of like length still travel together", async ({
    server,
  }) => {
    const refusal = taking(32, 400, () => "at most 32 texts");
    server.always(refusal);
    const door = open(server);
    await door.embedDocuments(texts.slice(0, 40));
    server.requests.length = 0;
    const { opened: released, open: release } = gate();
    server.always(after(released, refusal));
    const arrived = server.arrived(19); // three before, and as many at a time as a client sends
    const vectors = door.embedDocuments(texts);
    await arrived;
    release();
    await vectors;
    const lengths = server.requests.map(({ inputs }) => inputs.map((text) => text.length));
    // There are twenty of each length.
    for (const each of lengths) expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(2);
  });

  it("and says how many documents, is asked the same way", async ({ server }) => {
    server.always(taking(32, 422, (sent) => `batch size ${sent} > maximum allowed batch size 32`));
    const door = opened(server.baseURL);
    const best = texts.toSorted((a, b) => scoreOf(b) - scoreOf(a))[0] as string;
    for (const _ of [1, 2]) {
      const [first] = await door.rerank("query", texts);
      expect(first?.index).toBe(texts.indexOf(best));
    }
    const refused = server.requests.filter((request) => sizeOf(request) > 32);
    expect(refused.length).toBeLessThanOrEqual(CONCURRENCY);
    expect(server.requests.length - refused.length).toBe(2 * Math.ceil(texts.length / 32));
  });

  it("and does not say how many documents, is found out once, too", async ({ server }) => {
    server.always(taking(10, 422, () => "the request cannot be processed"));
    const door = opened(server.baseURL);
    for (const call of ["first", "second"]) {
      server.requests.length = 0;
      expect(await door.rerank("query", texts.slice(0, 300)), call).toHaveLength(300);
      const refused = server.requests.filter((request) => sizeOf(request) > 10);
      expect(refused.length, call).toBeLessThanOrEqual(call === "first" ? CONCURRENCY + 3 : 0);
    }
  });

  it("and does not say how many, is found out once", async ({ server }) => {
    server.always(taking(10, 400, () => "the request cannot be processed"));
    const door = opened(server.baseURL);
    expect(await door.embedDocuments(texts)).toEqual(texts.map((text) => vectorOf(text)));
    const refused = server.requests.filter((request) => sizeOf(request) > 10);
    expect(refused.length).toBeLessThanOrEqual(CONCURRENCY + 3);
    server.requests.length = 0;
    await door.embedDocuments(texts);
    expect(server.requests.filter((request) => sizeOf(request) > 10)).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(Math.ceil(texts.length / 6));
  });

  it("keeps each model's number apart", async ({ server }) => {
    server.always((request, reply) => {
      const most = request.body.model === "narrow" ? 5 : 1_000;
      return taking(most, 400, () => `at most ${most} texts`)(request, reply);
    });
    const client = clientOf(server);
    await client.embed(texts.slice(0, 20), { model: "narrow" });
    server.requests.length = 0;
    await client.embed(texts.slice(0, 20), { model: "wide" });
    expect(server.requests.map(sizeOf)).toEqual([20]);
  });
});

describe.each(doors)("a server that takes few tokens a request, through $name", ({ open }) => {
  const MOST = 2_000;
  const tokensOf = ({ inputs, documents }: Request) => [...inputs, ...documents].join(" ").length;

  it.for<[string, number, (sent: number) => object]>([
    [
      "Voyage",
      400,
      (sent) => ({
        detail: `Request to model 'voyage-code-3' failed. The max allowed tokens per submitted batch is ${MOST}. Your batch has ${sent} tokens after truncation.`,
      }),
    ],
    [
      "OpenAI",
      400,
      (sent) => ({
        error: {
          message: `Requested ${sent} tokens, max ${MOST} tokens per request`,
          type: "max_tokens_per_request",
          param: null,
          code: "max_tokens_per_request",
        },
      }),
    ],
    ["a proxy's 413", 413, () => ({ error: "Request Entity Too Large" })],
  ])(
    "gets smaller ones, is not asked for more again, and no text is blamed: %s",
    async ([, status, words], { server }) => {
      server.always((request, reply) => {
        const sent = tokensOf(request);
        return (sent > MOST ? answer(status, words(sent)) : honest())(request, reply);
      });
      const door = open({ baseURL: server.baseURL, client: { maxConcurrency: CONCURRENCY } });
      for (const call of ["first", "second"]) {
        server.requests.length = 0;
        expect(await door.embedDocuments(texts), call).toEqual(texts.map((text) => vectorOf(text)));
        const refused = server.requests.filter((request) => tokensOf(request) > MOST);
        expect(refused.length, call).toBeLessThanOrEqual(call === "first" ? 3 * CONCURRENCY : 0);
      }
      expect(await door.rerank("query", texts.slice(0, 300))).toHaveLength(300);
    },
  );
});

/** Refusals of the whole request with a status that could be about one text. */
const wholes: [string, number, Parameters<typeof refuse>[1]][] = [
  ["vLLM's unknown model", 400, { message: "The model `X` does not exist." }],
  ["a model that is not there", 400, { message: "model 'X' not found, try pulling it first" }],
  ["vLLM without an embedding model", 400, { message: "The model does not support Embeddings API" }],
  ["LM Studio without a model", 400, { message: "No models loaded. Please load a model" }],
  ["a model without an engine", 400, { message: "Engine for model X is not running" }],
  ["LiteLLM's spent budget", 400, { message: "Budget has been exceeded! Current cost: 10, Max budget: 10" }],
  ["an account without balance", 400, { message: "Insufficient account balance." }],
  ["a wrong key", 400, { message: "Incorrect API key provided." }],
  ["an unknown member", 422, { message: "Extra inputs are not permitted", param: "body.input_type" }],
  ["Cohere's unknown member", 422, { message: "unknown field: parameter 'top_k' is not a valid field" }],
];

describe.each(doors)("a request that is refused as a whole, through $name", ({ open }) => {
  it.for(wholes)("goes out once: %s", async ([, status, refusal], { server }) => {
    server.always(refuse(status, refusal));
    const door = open({ baseURL: server.baseURL, client: { maxConcurrency: 1 } });
    for (const work of [door.embedDocuments(texts), door.rerank("query", texts)]) {
      const error = await failureOf(work);
      expect(error).toMatchObject({ status, retryable: false });
      expect(error).not.toHaveProperty("inputIndex");
    }
    expect(server.requests).toHaveLength(2);
  });

  it("in words that tell nothing goes out four times, then three of its items were refused alike", async ({
    server,
  }) => {
    server.always(refuse(400, { message: "Something went wrong (id 4f1a)" }));
    const door = open({ baseURL: server.baseURL, client: { maxConcurrency: 1 } });
    const error = await failureOf(door.embedDocuments(texts));
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining("Something went wrong") });
    expect(error).not.toHaveProperty("inputIndex");
    expect(server.requests.map(sizeOf)).toEqual([100, 1, 1, 1]);
  });

  it("in words that tell nothing is not one where the model has answered before: the text is found", async ({
    server,
  }) => {
    const door = open({ baseURL: server.baseURL, client: { maxConcurrency: 1 } });
    await door.embedDocuments(["fine"]);
    await door.rerank("query", ["fine"]);
    server.always(refuse(400, { message: "Something went wrong" }));
    expect(await failureOf(door.embedDocuments(["a", "b"]))).toHaveProperty("inputIndex", 0);
    expect(await failureOf(door.rerank("query", ["a", "b"]))).toHaveProperty("inputIndex", 0);
  });

  it("is not one whose words speak of a length: the text is found", async ({ server }) => {
    server.always(refuse(400, { message: "This model's maximum context length is 8192 tokens" }));
    const error = await failureOf(open(server).embedDocuments(texts));
    expect(error).toHaveProperty("inputIndex");
  });

  it("for its query blames no document", async ({ server }) => {
    server.always(refuse(400, { message: "query must not be so odd" }));
    const error = await failureOf(open(server).rerank("query", texts.slice(0, 50)));
    expect(error).not.toHaveProperty("inputIndex");
    expect(server.requests).toHaveLength(1);
  });
});

describe.each(doors)("one bad item, through $name", ({ open }) => {
  const bad =
    (status: number, message: string, param: string | null = null): Answer =>
    (request, reply) => {
      const isBad = [...request.inputs, ...request.documents].includes(texts[70]);
      return (isBad ? refuse(status, { message, param, code: String(status), type: "None" }) : honest())(
        request,
        reply,
      );
    };

  it.for<[string, number, string, string | null]>([
    ["LiteLLM's strings of nothing", 400, "input is too long", "None"],
    ["FastAPI's pointer", 422, "Value error", "body.input.70"],
    ["vLLM's pointer", 400, "You passed 600 tokens", "input_tokens"],
    ["a 403 that is about the context", 403, "Input is over the model's context length", null],
    ["an empty pointer", 400, "nothing to embed", ""],
    [
      "llama.cpp's 500",
      500,
      "input (744 tokens) is too large to process. increase the physical batch size (current batch size: 512)",
      null,
    ],
  ])("is found among the others: %s", async ([, status, message, param], { server }) => {
    server.always(bad(status, message, param));
    for (const work of [
      () => open(server).embedDocuments(texts.slice(0, 100)),
      () => open(server).rerank("query", texts.slice(0, 100)),
    ]) {
      const before = server.requests.length;
      expect(await failureOf(work())).toMatchObject({ status, inputIndex: 70, retryable: false });
      expect(server.requests.length - before).toBeLessThanOrEqual(1 + 2 * Math.log2(100));
    }
  });

  it("is named in the caller's order where documents travel in several requests", async ({ server }) => {
    server.always((request, reply) =>
      (request.documents.includes(texts[337]) ? refuse(400, { message: "no" }) : honest())(request, reply),
    );
    expect(await failureOf(open(server).rerank("query", texts))).toMatchObject({
      inputIndex: 337,
      message: expect.stringContaining("Document 337 was refused"),
    });
  });
});

describe.each(doors)("`return_documents` through $name", ({ open }) => {
  it.for<[number, Parameters<typeof refuse>[1]]>([
    [422, { message: "unknown field: parameter 'return_documents' is not a valid field" }],
    [400, { message: "Extra inputs are not permitted", param: "body.return_documents" }],
  ])("is left out once it is refused by name: %j", async ([status, refusal], { server }) => {
    server.always((request, reply) =>
      ("return_documents" in request.body ? refuse(status, refusal) : honest())(request, reply),
    );
    const door = open(server);
    for (const _ of [1, 2, 3]) expect(await door.rerank("query", ["a", "b"])).toHaveLength(2);
    expect(server.requests.map(({ body }) => "return_documents" in body)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a stream that goes on after refusals", () => {
  it("ends at once where the request is refused as a whole", async ({ server }) => {
    server.always(refuse(400, { message: "The model `X` does not exist." }));
    const stream = clientOf(server, { maxConcurrency: 1 }).embedStream(texts, {
      ...{ model: MODEL, onError: "yield" },
    });
    const error = await failureOf(
      (async () => {
        for await (const _ of stream);
      })(),
    );
    expect(error).toMatchObject({ status: 400 });
    expect(server.requests).toHaveLength(1);
  });
});
