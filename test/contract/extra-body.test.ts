/** Members of a request that only one server knows. */
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { doors } from "./doors.ts";

describe.each(doors)("`extraBody` through $name", ({ open }) => {
  it("stands in every request, beside what we write", async ({ server }) => {
    const door = open({
      baseURL: server.baseURL,
      embed: { extraBody: { truncate_prompt_tokens: -1 } },
      rerank: { extraBody: { instruction: "Find the answer" } },
    });
    await door.embedDocuments(["text"]);
    await door.rerank("query", ["text"]);
    expect(server.requests[0]?.body).toMatchObject({ input: ["text"], truncate_prompt_tokens: -1 });
    expect(server.requests[1]?.body).toMatchObject({ documents: ["text"], instruction: "Find the answer" });
  });
});
