/** Addresses as people write them -> where requests go. */
import { it } from "@together-retrieval/test-server/fixture";
import { startServer } from "@together-retrieval/test-server/server";
import { describe, expect, onTestFinished } from "vitest";
import { doors } from "./doors.ts";

describe.each(doors)("`baseURL` through $name", ({ open }) => {
  it.for<[string, (baseURL: string) => string, string]>([
    ["with spaces around it", (url) => ` ${url}\n`, ""],
    ["with a slash behind it", (url) => `${url}/`, ""],
    ["with the route behind it", (url) => `${url}/embeddings`, ""],
    ["with the other route behind it", (url) => `${url}/rerank/`, ""],
    ["with a route in capitals behind it", (url) => `${url}/Embeddings`, ""],
    ["with the chat's route behind it", (url) => `${url}/chat/completions`, ""],
    ["with a query of two members of one name", (url) => `${url}?a=1&a=2&flag`, "?a=1&a=2&flag"],
    [
      "with a query, which goes along",
      (url) => `${url}?api-version=2024-10-21&x=a%20b`,
      "?api-version=2024-10-21&x=a+b",
    ],
    ["with a route and a query", (url) => `${url}/embeddings?api-version=1`, "?api-version=1"],
  ])("%s", async ([, write, query], { server }) => {
    const door = open({ baseURL: write(server.baseURL) });
    await door.embedDocuments(["text"]);
    await door.rerank("query", ["text"]);
    expect(server.requests.map(({ path }) => path.replace("%20", "+"))).toEqual([
      `/v1/embeddings${query}`,
      `/v1/rerank${query}`,
    ]);
  });

  it("may name a host by its IPv6 address", async () => {
    const server = await startServer({ host: "::1" });
    onTestFinished(() => server.close());
    expect(server.baseURL).toMatch(/^http:\/\/\[::1\]:/);
    expect(await open(server).embedDocuments(["text"])).toHaveLength(1);
    expect(await open({ baseURL: `${server.baseURL}/` }).rerank("query", ["text"])).toHaveLength(1);
  });
});
