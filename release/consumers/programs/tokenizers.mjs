/** The tokenizers with the core: a long text is cut by tokens before it is sent. */
import { TogetherClient } from "@together-retrieval/core";
import { bertTokenizer, withTokenizer } from "@together-retrieval/tokenizers";
import { apiKey, model, notes } from "./notes.mjs";
import { rejection, same } from "./same.mjs";

export async function check(baseURL) {
  const tokenizer = bertTokenizer();
  same("decoded", tokenizer.decode(Array.from(tokenizer.encode("bread rises"))), "bread rises");

  const { maxTokens } = withTokenizer("BAAI/bge-base-en-v1.5");
  same("the limit", maxTokens, 512);
  const client = new TogetherClient({ apiKey, baseURL });
  const profile = { maxTokens: 64, tokenizer };
  const long = Array.from({ length: 50 }, () => notes[0]).join(". ");
  const [vector] = await client.embed([long], { model, profile, longInput: "truncate" });
  same("the vector of a long text", vector.length, 384);
  const refused = await rejection(
    "a long text",
    client.embed([long], { model, profile, longInput: "error" }),
  );
  same("the error of a long text", /\b0\b/.test(refused.message), true);
}
