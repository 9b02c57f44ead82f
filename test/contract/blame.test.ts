/** A refused request: the one bad text is found, and no text is blamed where the request as a whole is refused. */
import { type Answer, honest, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const texts = Array.from({ length: 1_000 }, (_, at) => `text ${at}`.padEnd(10 + ((at * 37) % 50), "."));

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
    // Ids and counts differ from request to request, which makes no other refusal of it.
    const ids = ["abc1xyz", "d22w", "9", "pq3"];
    server.always((request, reply) => {
      const id = ids[server.requests.indexOf(request)];
      return refuse(400, { message: `Something went wrong (${id}) for ${request.inputs.length} inputs` })(
        request,
        reply,
      );
    });
    const door = open({ baseURL: server.baseURL, client: { maxConcurrency: 1 } });
    const error = await failureOf(door.embedDocuments(texts));
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining("Something went wrong") });
    expect(error).not.toHaveProperty("inputIndex");
    expect(server.requests.map(({ inputs }) => inputs.length)).toEqual([100, 1, 1, 1]);
  });

  it("in words that tell nothing is not one where a text is refused in other words", async ({ server }) => {
    server.always((request, reply) => {
      const message = request.inputs.length > 1 ? "Something went wrong" : "This one is odd";
      return refuse(400, { message })(request, reply);
    });
    const error = await failureOf(open(server).embedDocuments(texts.slice(0, 5)));
    expect(error).toMatchObject({ inputIndex: 0, message: expect.stringContaining("This one is odd") });
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
