/** A source that fails to close: its error is thrown if nothing else went wrong, and does not replace an earlier error. */

import { refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";

function unclosable() {
  let at = 0;
  return {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false as const, value: `text ${at++}` }),
      return: (): never => {
        throw new Error("the file is gone");
      },
    }),
  };
}

const options = { model: MODEL, batchSize: 1 };

describe("a source that fails to close", () => {
  it("is told when the consumer breaks off", async ({ server }) => {
    const consume = async () => {
      for await (const _ of clientOf(server).embedStream(unclosable(), options)) break;
    };
    await expect(consume()).rejects.toThrow("the file is gone");
  });

  it("does not hide the refusal that ended the stream", async ({ server }) => {
    server.always(refuse(401));
    const consume = async () => {
      for await (const _ of clientOf(server).embedStream(unclosable(), options));
    };
    await expect(consume()).rejects.toMatchObject({ status: 401 });
  });
});
