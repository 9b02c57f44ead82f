/** What is a secret, and what only looks like one: keys of servers that ask for any, headers that carry keys. */
import { answer, refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
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
