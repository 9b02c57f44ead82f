import { profiles } from "@together-retrieval/core";
import { describe, expect, it } from "vitest";
import { bertTokenizer } from "./bert.ts";
import { withTokenizer } from "./with-tokenizer.ts";

const other = { encode: (text: string) => Array.from(text, () => 1), decode: () => "" };

describe("a profile with its tokenizer", () => {
  it.for([
    "BAAI/bge-large-en-v1.5",
    "thenlper/gte-large",
    "WhereIsAI/UAE-Large-V1",
    "togethercomputer/m2-bert-80M-8k-retrieval",
  ])("of %s comes in one line", (model) => {
    expect(withTokenizer(model)).toEqual({ ...profiles[model], tokenizer: bertTokenizer() });
    expect(profiles[model]).not.toHaveProperty("tokenizer");
  });

  it("takes another tokenizer for any model", () => {
    for (const model of Object.keys(profiles)) expect(withTokenizer(model, other).tokenizer).toBe(other);
  });

  it("is made for every known model, or says that the tokenizer must be given", () => {
    const missing = Object.keys(profiles).filter((model) => {
      try {
        return withTokenizer(model).tokenizer === undefined;
      } catch (error) {
        expect((error as Error).message).toContain(`given for ${model}`);
        return true;
      }
    });
    for (const model of ["intfloat/e5-mistral-7b-instruct", "BAAI/bge-m3"]) expect(missing).toContain(model);
    expect(missing).not.toContain("BAAI/bge-large-en-v1.5");
  });

  it.for(["my-endpoint", "toString", "", 5 as unknown as string])(
    "of %j, which is unknown, is a TypeError",
    (model) => {
      expect(() => withTokenizer(model)).toThrow(/one of .*BAAI\/bge-large-en-v1\.5,/);
    },
  );
});
