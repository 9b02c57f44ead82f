/** What is a secret, and what only looks like one: keys of servers that ask for any, headers that carry keys. */
import { answer, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { Together } from "together-ai";
import { describe, expect } from "vitest";
import { KEY } from "./client.ts";
import { doors } from "./doors.ts";
import { failureOf } from "./failure.ts";

const once = { maxRetries: 0 };

describe.each(doors)("an error through $name", ({ open }) => {
  it.for(["x", "any", "local", "ollama", "none", "EMPTY", "a1"])(
    "keeps its words where the key is `%s`, which stands in many",
    async (apiKey, { server }) => {
      const message =
        "This local model's maximum context length is exceeded: ollama cannot take anything a1b";
      const words = { message, type: "exceeded", code: "context_none", param: "xany" };
      server.always(refuse(403, words));
      const door = open({ baseURL: server.baseURL, client: { ...once, apiKey } });
      const error = await failureOf(door.embedDocuments(["a", "b"]));
      expect(error).toMatchObject({ type: "exceeded", code: "context_none", param: "xany" });
      expect((error as Error).message).toContain(message);
    },
  );

  it("hides a short key where it stands as a word", async ({ server }) => {
    server.always(refuse(403, { message: "the key ab12cd, of ab12cde" }));
    const door = open({ baseURL: server.baseURL, client: { ...once, apiKey: "ab12cd" } });
    const error = await failureOf(door.embedDocuments(["a"]));
    expect((error as Error).message).toContain("the key [key], of ab12cde");
  });

  it("hides what the caller's headers hold of secrets, and no other header", async ({ server }) => {
    server.always((request, reply) =>
      answer(403, { error: JSON.stringify(request.headers) })(request, reply),
    );
    const headers = {
      "x-gateway-token": "gateway-secret-1",
      "cf-access-client-secret": "gateway-secret-2",
      authorization: "Basic dXNlcjpnYXRld2F5",
      "x-team": "search-and-ranking",
    };
    const door = open({ baseURL: server.baseURL, client: { ...once, headers } });
    const { message } = (await failureOf(door.embedDocuments(["a"]))) as Error;
    expect(message).not.toMatch(/gateway-secret|dXNlcjpnYXRld2F5/);
    expect(message).toContain("search-and-ranking");
  });

  it.for<[string, HeadersInit]>([
    ["a cookie's parts", { cookie: "a=cookie-secret-1; b=cookie-secret-2" }],
    [
      "a session, a pass, a credential",
      { "x-session": "secret-1", "x-pass": "secret-2", "x-credential": "secret-3" },
    ],
    ["the parts of a signature", { authorization: "AWS4 Credential=secret-1, Signature=secret-2" }],
    ["what a `Headers` holds", new Headers({ "x-gateway-token": "secret-1" })],
    ["what a `Map` holds", new Map([["x-gateway-token", "secret-1"]]) as never],
  ])("hides %s where the gateway names a part of it", async ([, headers], { server }) => {
    server.always((request, reply) => {
      const sent = ["cookie", "x-session", "x-pass", "x-credential", "authorization", "x-gateway-token"];
      const parts = sent.flatMap((name) => String(request.headers[name] ?? "").split(/[=;, ]+/));
      answer(403, { error: `not with ${parts.join(" or ")}` })(request, reply);
    });
    const door = open({ baseURL: server.baseURL, client: { ...once, headers: headers as never } });
    for (const ask of [() => door.embedDocuments(["a"]), () => door.rerank("a", ["b"])]) {
      const { message } = (await failureOf(ask())) as Error;
      expect(message).toContain("[key]");
      expect(message).not.toMatch(/secret/);
    }
  });

  it("hides the secrets in the query of `baseURL`, and nothing else of it", async ({ server }) => {
    server.always((request, reply) => answer(403, { error: `cannot ${request.path}` })(request, reply));
    const baseURL = `${server.baseURL}?api-version=2024-10-21&api-key=a+secret%2F1&sig=another-secret-2`;
    const { message } = (await failureOf(open({ baseURL, client: once }).embedDocuments(["a"]))) as Error;
    expect(message).toContain("cannot /v1/embeddings?api-version=2024-10-21&api-key=[key]&sig=[key]");
  });

  it("hides the secrets in the headers of an official client", async ({ server }) => {
    server.always((request, reply) =>
      answer(403, { error: `not with ${request.headers["x-token"]}` })(request, reply),
    );
    for (const defaultHeaders of [
      { "x-token": "gateway-secret-1" },
      new Headers({ "x-token": "gateway-secret-1" }),
    ]) {
      const together = new Together({ apiKey: KEY, baseURL: server.baseURL, defaultHeaders });
      const door = open({ client: { ...once, apiKey: undefined, together } });
      const { message } = (await failureOf(door.embedDocuments(["a"]))) as Error;
      expect(message).toContain("not with [key]");
    }
  });

  it("shows no part of a key that a long message is cut through", async ({ server }) => {
    const apiKey = "tgp_v1_0123456789abcdef0123456789abcdef";
    const door = open({ baseURL: server.baseURL, client: { ...once, apiKey } });
    for (let length = 560; length < 605; length++) {
      server.script(refuse(403, { message: `${".".repeat(length)}${apiKey}${".".repeat(2_000)}` }));
      const { message } = (await failureOf(door.embedDocuments(["a"]))) as Error;
      expect(message).not.toContain("tgp_");
    }
  });
});
