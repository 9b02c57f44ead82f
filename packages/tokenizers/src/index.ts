/** The public names. */
export type { ModelProfile, Tokenizer } from "@together-retrieval/core";
export { bertTokenizer } from "./bert.ts";
export { tokenizerFromJson } from "./from-json.ts";
export { withTokenizer } from "./with-tokenizer.ts";
