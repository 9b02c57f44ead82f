/** a server's name -> how it differs from Together in paths, limits, answers and errors. Shapes and limits follow these servers' sources; some sentences are made up alike, and no server was run. */
import { errorBody } from "./refusal.ts";
import type { Ranking, Wire, WireName } from "./wire.ts";

const promptTokens = (tokens: number) => ({ prompt_tokens: tokens, total_tokens: tokens });

/** Cohere's shape, which most servers have. */
const results = ({ id, model, results, tokens, withTexts }: Ranking) => ({
  id,
  model,
  results: results.map(({ index, score, text }) => ({
    index,
    relevance_score: score,
    ...(withTexts && { document: { text } }),
  })),
  usage: { prompt_tokens: tokens, total_tokens: tokens },
});

const together: Wire = {
  base: "/v1",
  embeddings: ["/v1/embeddings"],
  rerank: ["/v1/rerank"],
  needsKey: true,
  strict: true,
  requestId: "x-request-id",
  usage: promptTokens,
  ranking: ({ id, model, results, tokens, withTexts }) => ({
    id,
    object: "rerank",
    model,
    results: results.map(({ index, score, text }) => ({
      index,
      relevance_score: score,
      document: withTexts ? { text } : {},
    })),
    usage: { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens },
  }),
  error: ({ id, message, ...details }) => errorBody(id, message, details),
};

/** A newcomer adds a row. */
export const wires: Record<WireName, Wire> = {
  together,

  // huggingface/text-embeddings-inference 1.9.3, router/src/http/{server,types}.rs
  tei: {
    base: "",
    embeddings: ["/embeddings", "/v1/embeddings"],
    rerank: ["/rerank"],
    modelOptional: true,
    members: { documents: "texts" },
    maxItems: 32,
    maxBodyBytes: 2_000_000,
    status: { items: 422, missing: 422, type: 422 },
    words: { items: (count, most) => `batch size ${count} > maximum allowed batch size ${most}` },
    usage: promptTokens,
    ranking: ({ results, withTexts }) =>
      results.map(({ index, score, text }) => ({ index, score, ...(withTexts && { text }) })),
    error: ({ path, status, message, reason, param }) => {
      if (status === 401) return "";
      if (reason === "missing") {
        return `Failed to deserialize the JSON body into the target type: missing field \`${param}\``;
      }
      if (reason === "type") return `Failed to deserialize the JSON body into the target type: ${message}`;
      const kinds: Record<number, string> = { 424: "Backend", 429: "Overloaded" };
      const kind =
        reason === "empty" ? "Empty" : (kinds[status] ?? (status < 500 ? "Validation" : "Backend"));
      return path === "/rerank"
        ? { error: message, error_type: kind }
        : { message, code: status, type: kind };
    },
  },

  // vllm-project/vllm, entrypoints/pooling and serve/exception_handling
  vllm: {
    base: "/v1",
    embeddings: ["/v1/embeddings"],
    rerank: ["/v1/rerank", "/rerank", "/v2/rerank"],
    refused: ["dimensions"],
    tooLong: 400,
    words: {
      long: (tokens, most) =>
        `This model's maximum context length is ${most} tokens. However, you requested ${tokens} tokens in the input. Please reduce the length of the input.`,
      unknown: (name) =>
        `Model does not support matryoshka representation, changing output ${name} will lead to poor results.`,
    },
    usage: (tokens) => ({ ...promptTokens(tokens), completion_tokens: 0 }),
    ranking: (ranking) => results({ ...ranking, withTexts: true }),
    error: ({ status, message, reason, param = null }) =>
      status === 401
        ? { error: "Unauthorized" }
        : {
            error: {
              message,
              type:
                status === 404 ? "NotFoundError" : status < 500 ? "BadRequestError" : "InternalServerError",
              param: reason === "long" ? "input_text" : param,
              code: status,
            },
          },
  },

  // michaelfeil/infinity 0.0.77, infinity_server.py
  infinity: {
    base: "",
    embeddings: ["/embeddings"],
    rerank: ["/rerank"],
    maxItems: 2048,
    status: { items: 422, missing: 422, type: 422, empty: 422 },
    words: {
      items: (count, most) => `List should have at most ${most} items after validation, not ${count}`,
    },
    // It counts characters.
    usage: (_, texts) => promptTokens(texts.reduce((sum, text) => sum + text.length, 0)),
    ranking: ({ withTexts, ...ranking }) => {
      const answer = results({ ...ranking, withTexts });
      return {
        object: "rerank",
        ...answer,
        results: answer.results.map((entry) => ({ document: null, ...entry })),
      };
    },
    error: ({ status, message, reason, param }) => {
      if (status === 401) return { detail: "Unauthorized" };
      if (status !== 422) return { error: { message, type: null, param: null, code: status } };
      const type = reason === "items" ? "too_long" : (reason ?? "value_error");
      return { detail: [{ type, loc: ["body", param ?? "input"], msg: message }] };
    },
  },

  // ggml-org/llama.cpp, tools/server
  "llama.cpp": {
    base: "/v1",
    embeddings: ["/v1/embeddings", "/embeddings"],
    rerank: ["/v1/rerank", "/rerank"],
    nestedAt: "/embeddings",
    modelOptional: true,
    tooLong: 500,
    logits: true,
    words: {
      long: (tokens) => `input (${tokens} tokens) is too large to process. increase the physical batch size`,
    },
    usage: promptTokens,
    ranking: (ranking) => ({ object: "list", ...results({ ...ranking, withTexts: false }) }),
    error: ({ status, message }) => {
      const types: Record<number, string> = {
        401: "authentication_error",
        404: "not_found_error",
        501: "not_supported_error",
        503: "unavailable_error",
      };
      const type = types[status] ?? (status < 500 ? "invalid_request_error" : "server_error");
      return { error: { code: status, message, type } };
    },
  },

  // BerriAI/litellm, proxy, before a backend without `encoding_format`
  litellm: {
    base: "",
    embeddings: ["/embeddings", "/v1/embeddings"],
    rerank: ["/rerank", "/v1/rerank", "/v2/rerank"],
    refused: ["encoding_format", "dimensions"],
    requestId: "x-litellm-call-id",
    words: {
      // As public reports have it: "Setting user/encoding format is not supported".
      unknown: (name) =>
        `litellm.UnsupportedParamsError: Setting user/${name.replace("_", " ")} is not supported`,
    },
    usage: promptTokens,
    ranking: ({ tokens, ...ranking }) => {
      const { id, results: list } = results({ ...ranking, tokens });
      const billed = { search_units: 1, total_tokens: tokens };
      return { id, results: list, meta: { billed_units: billed, tokens: { input_tokens: tokens } } };
    },
    error: ({ status, message }) => ({
      error: { message, type: "None", param: "None", code: String(status) },
    }),
  },

  // sgl-project/sglang, srt/entrypoints/openai
  sglang: {
    base: "/v1",
    embeddings: ["/v1/embeddings"],
    rerank: ["/v1/rerank"],
    tooLong: 400,
    onlyFloats: true,
    logits: true,
    words: {
      long: (tokens, most) =>
        `The input (${tokens} tokens) is longer than the model's context length (${most} tokens).`,
      blank: (index) => `Input at index ${index} cannot be empty`,
    },
    usage: promptTokens,
    ranking: ({ results, tokens, withTexts }) =>
      results.map(({ index, score, text }, at) => ({
        score,
        index,
        document: withTexts ? text : null,
        // The sum over the entries is what was read.
        meta_info: { prompt_tokens: at === 0 ? tokens : 0 },
      })),
    error: ({ status, message, param = null }) => ({
      object: "error",
      message,
      type: status < 500 ? "BadRequestError" : "InternalServerError",
      param,
      code: status,
    }),
  },

  // docs.voyageai.com/reference
  voyage: {
    base: "/v1",
    embeddings: ["/v1/embeddings"],
    rerank: ["/v1/rerank"],
    needsKey: true,
    refused: ["dimensions", "top_n"],
    members: { top_n: "top_k" },
    maxItems: 1000,
    requestId: "request-id",
    words: {
      items: (count, most) => `The batch size limit is ${most}. Your batch size is ${count}.`,
      unknown: (name) => `Argument '${name}' is not supported by our API`,
    },
    usage: (tokens) => ({ total_tokens: tokens }),
    ranking: ({ model, results, tokens, withTexts }) => ({
      object: "list",
      data: results.map(({ index, score, text }) => ({
        index,
        relevance_score: score,
        ...(withTexts && { document: text }),
      })),
      model,
      usage: { total_tokens: tokens },
    }),
    error: ({ message }) => ({ detail: message }),
  },
};
