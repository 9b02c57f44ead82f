/** `wire`: requests as each server wants them written. */
import { type Answer, answer, honest, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { scoreOf, vectorOf } from "@together-retrieval/test-server/honest";
import { Together } from "together-ai";
import { describe, expect } from "vitest";
import { KEY, MODEL } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const documents = Array.from({ length: 40 }, (_, at) => `document ${at}`);
const best = documents.toSorted((a, b) => scoreOf(b) - scoreOf(a));

/** text-embeddings-inference: rerank at the root alone, with `texts`, 32 at most; embeddings on both addresses. */
const tei: Answer = (request, reply) => {
  const { pathname } = new URL(request.path, "http://host");
  if (/^(\/gateway)?(\/v\w+)?\/embeddings$/.test(pathname)) return honest()(request, reply);
  if (!/^(\/gateway|\/v1beta)?\/rerank$/.test(pathname)) return answer(404, "")(request, reply);
  const { texts } = request.body as { texts?: string[] };
  if (!texts) return answer(422, "Failed to deserialize: missing field `texts`")(request, reply);
  if (texts.length > 32) {
    const message = `batch size ${texts.length} > maximum allowed batch size 32`;
    return answer(422, { error: message, error_type: "Validation" })(request, reply);
  }
  const ranks = texts.map((text, index) => ({ index, score: scoreOf(text) }));
  return answer(
    200,
    ranks.sort((a, b) => b.score - a.score),
  )(request, reply);
};

/** Voyage: strict about members, and answers with `data`. */
const voyage: Answer = (request, reply) => {
  const known = ["model", "query", "documents", "top_k", "truncation", "input", "encoding_format"];
  const odd = Object.keys(request.body).find((name) => !known.includes(name));
  if (odd) return answer(400, { detail: `Argument '${odd}' is not supported by our API` })(request, reply);
  if (request.path.endsWith("/embeddings")) return honest()(request, reply);
  const data = request.documents.map((text, index) => ({ index, relevance_score: scoreOf(text) }));
  return answer(200, { object: "list", data, usage: { total_tokens: 7 } })(request, reply);
};

describe.each(doors)("`wire` through $name", ({ open }) => {
  it.for([
    ["/v1", ""],
    ["/v12", ""],
    ["", ""],
    ["/", ""],
    ["/gateway/v1", "/gateway"],
    ["/gateway", "/gateway"],
    ["/v1beta", "/v1beta"],
  ] as const)(
    '"tei" ranks and embeds with a `baseURL` that ends in "%s"',
    async ([end, prefix], { server }) => {
      server.always(tei);
      const baseURL = server.baseURL.replace("/v1", end);
      const door = open({ baseURL, client: { wire: "tei" } });
      const ranked = await door.rerank("query", documents);
      expect(ranked.map(({ index }) => documents[index])).toEqual(best);
      expect(await door.embedDocuments(["a"])).toEqual([vectorOf("a")]);
      expect(new Set(server.requests.map(({ path }) => path))).toEqual(
        new Set([`${prefix}/rerank`, `${end.replace(/\/$/, "")}/embeddings`]),
      );
      expect(Object.keys(server.requests[0]?.body ?? {}).sort()).toEqual(["query", "texts"]);
    },
  );

  it('"tei" keeps what `extraBody` says', async ({ server }) => {
    server.always(tei);
    const door = open({
      baseURL: server.baseURL,
      client: { wire: "tei" },
      rerank: { extraBody: { truncate: true, raw_scores: true } },
    });
    await door.rerank("query", documents.slice(0, 2));
    expect(server.requests[0]?.body).toEqual({
      ...{ query: "query", texts: documents.slice(0, 2), truncate: true, raw_scores: true },
    });
  });

  it('"voyage" sends nothing that Voyage refuses, and understands its `data`', async ({ server }) => {
    server.always(voyage);
    const door = open({ baseURL: server.baseURL, client: { wire: "voyage" }, rerank: { topN: 3 } });
    const ranked = await door.rerank("query", documents);
    expect(ranked.map(({ index }) => documents[index])).toEqual(best.slice(0, 3));
    expect(await door.embedDocuments(["a"])).toEqual([vectorOf("a")]);
    expect(server.requests[0]?.body).toEqual({ model: MODEL, query: "query", documents });
  });

  it("names the document that a server of another way refuses", async ({ server }) => {
    server.always((request, reply) => {
      const { texts } = request.body as { texts: string[] };
      return (texts.includes("document 17") ? refuse(422, { message: "no" }) : tei)(request, reply);
    });
    const door = open({ baseURL: server.baseURL, client: { wire: "tei" } });
    expect(await failureOf(door.rerank("query", documents))).toMatchObject({ status: 422, inputIndex: 17 });
  });

  it("counts beside an official client, too", async ({ server }) => {
    server.always(tei);
    const together = new Together({ apiKey: KEY, baseURL: server.baseURL });
    const door = open({ client: { apiKey: undefined, together, wire: "tei" } });
    expect(await door.rerank("query", documents)).toHaveLength(documents.length);
    expect(server.requests.at(-1)).toMatchObject({
      path: "/rerank",
      headers: { authorization: `Bearer ${KEY}` },
    });
  });
});
