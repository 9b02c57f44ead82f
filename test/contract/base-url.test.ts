/** Addresses as people write them -> where requests go. */
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";

describe.each(doors)("`baseURL` through $name", ({ open }) => {
  it.for<[string, (baseURL: string) => string, string]>([
    ["with spaces around it", (url) => ` ${url}\n`, ""],
    ["with a slash behind it", (url) => `${url}/`, ""],
    ["with the route behind it", (url) => `${url}/embeddings`, ""],
    ["with the other route behind it", (url) => `${url}/rerank/`, ""],
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
});
