/** A model's `tokenizer.json` -> its tokenizer. */
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import type { Tokenizer } from "@together-retrieval/core";

/**
 * The tokenizer of any model that has a `tokenizer.json`, which Hugging Face's hub shows beside the weights.
 * The file's own truncation and padding are ignored.
 * @param json The file's text, or the parsed object.
 * @throws TypeError if it is not such a file
 */
export function tokenizerFromJson(json: string | object): Tokenizer {
  const tokenizer = make(typeof json === "string" ? parse(json) : json);
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) => tokenizer.decode(ids, { skip_special_tokens: false }),
  };
}

function make(json: object): HuggingFaceTokenizer {
  if (json === null || typeof json !== "object" || !("model" in json)) {
    throw new TypeError(`Expected \`json\` to be a tokenizer.json, got something without its \`model\``);
  }
  try {
    return new HuggingFaceTokenizer(json, {});
  } catch (error) {
    throw new TypeError(`Expected \`json\` to be a tokenizer.json: ${describe(error)}`, { cause: error });
  }
}

function parse(text: string): object {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TypeError("Expected `json` to be a tokenizer.json, got text that is no JSON", { cause: error });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
