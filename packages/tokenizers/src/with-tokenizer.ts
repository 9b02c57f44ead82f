/** A known model's id -> its profile with its tokenizer. */
import { type ModelProfile, profiles, type Tokenizer } from "@together-retrieval/core";
import { bertTokenizer } from "./bert.ts";

/** The models that read bert-base-uncased's vocabulary. Source: the tokenizer files of their model cards. */
const bertModels = new Set([
  "BAAI/bge-large-en-v1.5",
  "BAAI/bge-base-en-v1.5",
  "thenlper/gte-large",
  "WhereIsAI/UAE-Large-V1",
  "togethercomputer/m2-bert-80M-2k-retrieval",
  "togethercomputer/m2-bert-80M-8k-retrieval",
  "togethercomputer/m2-bert-80M-32k-retrieval",
]);

/**
 * A profile for embedding long texts that must be cut, averaged or refused: `profile: withTokenizer("BAAI/bge-large-en-v1.5")`.
 * @param model The id of a model for which the core has a profile.
 * @param tokenizer Required for models with another vocabulary than bert-base-uncased's: see `tokenizerFromJson`.
 * @throws TypeError for an unknown model, or for a missing tokenizer
 */
export function withTokenizer(model: string, tokenizer?: Tokenizer): ModelProfile {
  const profile = Object.hasOwn(profiles, model) ? profiles[model] : undefined;
  if (!profile) {
    const known = Object.keys(profiles).join(", ");
    throw new TypeError(
      `Expected \`model\` to be one of ${known}, got \`${JSON.stringify(model)}\`. For others write the profile out: { maxTokens, tokenizer, … }`,
    );
  }
  if (tokenizer) return { ...profile, tokenizer };
  if (bertModels.has(model)) return { ...profile, tokenizer: bertTokenizer() };
  throw new TypeError(
    `Expected \`tokenizer\` to be given for ${model}, got none: make it from the model's own tokenizer.json with \`tokenizerFromJson\``,
  );
}
