/** a model and what the user said of its profile -> the profile, what counts its tokens, and what decides its vectors */
import { readFileSync } from "node:fs";
import { type ModelProfile, profiles } from "@together-retrieval/core";
import { withTokenizer } from "@together-retrieval/tokenizers";
import { IngestError } from "../ingest-error.ts";

/** What is kept in the index of a profile: all but the tokenizer, which is code. */
export type StoredProfile = Omit<ModelProfile, "tokenizer">;

/** The id of a known model, an object, `false` for texts as they are; default: the profile of the model, if known. */
export type ProfileOption = string | StoredProfile | false;

/** @throws IngestError for an id that nobody knows */
export function resolveProfile(model: string, profile: ProfileOption | undefined): StoredProfile {
  if (profile === false) return {};
  if (typeof profile === "object") return profile;
  const id = profile ?? model;
  if (Object.hasOwn(profiles, id)) return profiles[id] as StoredProfile;
  if (profile === undefined) return {};
  const known = Object.keys(profiles).join(", ");
  throw new IngestError(
    "usage",
    `Expected the profile to be one of ${known}, or a JSON file, got ${profile}`,
  );
}

/** The command's `--profile`: a known model's id, a JSON file of a ModelProfile, or `none`. */
export function readProfile(value: string): ProfileOption {
  if (value === "none") return false;
  if (!value.endsWith(".json")) return value;
  try {
    return JSON.parse(readFileSync(value, "utf8")) as StoredProfile;
  } catch (error) {
    throw new IngestError("usage", `Cannot read the profile ${value}: expected a file of JSON`, {
      cause: error,
    });
  }
}

/** What decides the vector of a document's chunk beside its text. Query prompts do not. */
export function fingerprintOf(model: string, profile: StoredProfile): string {
  return JSON.stringify([model, profile.documentPrompt ?? ""]);
}

export interface TokenCounter {
  count(text: string): number;
  /** Whether it is the model's own tokenizer that counts. */
  isExact: boolean;
}

/** For models of BERT's vocabulary their own tokenizer; for others an estimate: a token for every four bytes of UTF-8. */
export function tokenCounter(model: string, profile: ProfileOption | undefined): TokenCounter {
  const id = typeof profile === "string" ? profile : model;
  try {
    const { tokenizer } = withTokenizer(id);
    if (tokenizer && profile !== false)
      return { count: (text) => tokenizer.encode(text).length, isExact: true };
  } catch {
    // A model of another vocabulary, or one that nobody knows: estimated.
  }
  return { count: (text) => Math.ceil(Buffer.byteLength(text) / 4), isExact: false };
}
