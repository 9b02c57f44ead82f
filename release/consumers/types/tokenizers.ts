/** Compiled as an application's: a tokenizer is what a profile takes. */
import { type ModelProfile, TogetherClient } from "@together-retrieval/core";
import { bertTokenizer, tokenizerFromJson, withTokenizer } from "@together-retrieval/tokenizers";

const own: ModelProfile = { maxTokens: 64, tokenizer: bertTokenizer() };

export async function use(json: string): Promise<number> {
  const profile = withTokenizer("intfloat/multilingual-e5-large-instruct", tokenizerFromJson(json));
  const client = new TogetherClient({ apiKey: "key" });
  await client.embed(["a"], { model: "m", profile: own, longInput: "average" });
  // @ts-expect-error: a model's id is text
  withTokenizer(1);
  return profile.maxTokens ?? 0;
}
