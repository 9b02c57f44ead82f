/** what the caller asks for and what the index was made with -> the settings that hold, or a refusal */
import type { TogetherClient } from "@together-retrieval/core";
import { IngestError } from "../ingest-error.ts";
import type { IndexTables } from "./index-tables.ts";
import { fingerprintOf, type ProfileOption, resolveProfile, type StoredProfile } from "./profile.ts";
import type { IndexSettings } from "./tables.ts";

export interface WantedSettings {
  model?: string | undefined;
  profile?: ProfileOption | undefined;
  chunkSize?: number | undefined;
  chunkOverlap?: number | undefined;
  language?: string | undefined;
  sameModel?: boolean | undefined;
}

export const settingDefaults = { chunkSize: 256, chunkOverlap: 32, language: "english" } as const;

/** @throws IngestError when there is no index */
export async function readSettings(tables: IndexTables): Promise<IndexSettings> {
  const settings = await tables.settings();
  if (!settings)
    throw new IngestError("index", `There is no index in the schema ${tables.schema}: make one with add`);
  return settings;
}

/**
 * Opens the index's settings, or makes the index. Where the profile does not tell the dimensions, one short text is
 * embedded to learn them.
 * @throws IngestError when the index was made with another model or profile
 */
export async function ensureSettings(
  tables: IndexTables,
  wanted: WantedSettings,
  makeClient: () => TogetherClient,
): Promise<IndexSettings> {
  const found = await tables.settings();
  if (found) return refit(tables, found, wanted);
  const { model } = wanted;
  if (!model) throw new IngestError("usage", "A new index needs a model: name one with --model");
  const profile = resolveProfile(model, wanted.profile);
  const dimensions = profile.dimensions ?? (await probe(makeClient(), model));
  const id = typeof wanted.profile === "string" ? wanted.profile : model;
  const profileId = typeof wanted.profile === "object" || wanted.profile === false ? null : id;
  const { chunkSize, chunkOverlap } = splitting(wanted, profile);
  const language = wanted.language ?? settingDefaults.language;
  await tables.make({ model, profileId, profile, dimensions, chunkSize, chunkOverlap, language });
  return readSettings(tables);
}

/** The same model and profile, or a refusal; how texts are split may change: documents that are new or changed follow. */
async function refit(
  tables: IndexTables,
  found: IndexSettings,
  wanted: WantedSettings,
): Promise<IndexSettings> {
  const model = wanted.model ?? found.model;
  const profile = wanted.profile === undefined ? found.profile : resolveProfile(model, wanted.profile);
  const isSame = fingerprintOf(model, profile) === fingerprintOf(found.model, found.profile);
  const dimensions = profile.dimensions ?? found.dimensions;
  if (!isSame || dimensions !== found.dimensions) {
    throw new IngestError(
      "index",
      `This index was made with ${describe(found.model, found.profile, found.dimensions)}, not with ` +
        `${describe(model, profile, dimensions)}: vectors of two models cannot be compared. Name another --to or --schema`,
    );
  }
  if (wanted.language !== undefined && wanted.language !== found.language) {
    throw new IngestError(
      "index",
      `This index was made with the language ${found.language}, not ${wanted.language}: name another --to or --schema`,
    );
  }
  const asked = { chunkSize: found.chunkSize, chunkOverlap: found.chunkOverlap, ...defined(wanted) };
  const { chunkSize, chunkOverlap } = splitting(asked, profile);
  if (chunkSize !== found.chunkSize || chunkOverlap !== found.chunkOverlap) {
    await tables.setSplitting(chunkSize, chunkOverlap);
  }
  if (wanted.sameModel) await tables.forgetAnsweredBy();
  return { ...found, chunkSize, chunkOverlap, ...(wanted.sameModel && { answeredBy: null }) };
}

function defined({ chunkSize, chunkOverlap }: WantedSettings): WantedSettings {
  return {
    ...(chunkSize !== undefined && { chunkSize }),
    ...(chunkOverlap !== undefined && { chunkOverlap }),
  };
}

function describe(model: string, { documentPrompt }: StoredProfile, dimensions: number): string {
  const prompt = documentPrompt ? `, document prompt ${JSON.stringify(documentPrompt)}` : "";
  return `the model ${model} (${dimensions} dimensions${prompt})`;
}

/** Chunks never pass the model's limit, prompt and special tokens counted in. @throws IngestError */
function splitting(wanted: WantedSettings, profile: StoredProfile) {
  const room =
    (profile.maxTokens ?? Number.MAX_SAFE_INTEGER) - (profile.specialTokens ?? 2) - promptTokens(profile);
  const chunkSize = wanted.chunkSize ?? Math.min(settingDefaults.chunkSize, room);
  const chunkOverlap =
    wanted.chunkOverlap ?? Math.min(settingDefaults.chunkOverlap, Math.floor(chunkSize / 8));
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1 || chunkSize > room) {
    const most = room < Number.MAX_SAFE_INTEGER ? ` to ${room}, the model's limit` : " up";
    throw new IngestError("usage", `Expected \`chunkSize\` to be an integer from 1${most}, got ${chunkSize}`);
  }
  if (!Number.isSafeInteger(chunkOverlap) || chunkOverlap < 0 || chunkOverlap >= chunkSize) {
    throw new IngestError(
      "usage",
      `Expected \`chunkOverlap\` to be an integer from 0 to ${chunkSize - 1}, below \`chunkSize\`, got ${chunkOverlap}`,
    );
  }
  return { chunkSize, chunkOverlap };
}

function promptTokens({ documentPrompt = "" }: StoredProfile): number {
  return Math.ceil(Buffer.byteLength(documentPrompt) / 2);
}

async function probe(client: TogetherClient, model: string): Promise<number> {
  const [vector] = await client.embed(["dimensions"], { model, profile: false });
  return vector?.length ?? 0;
}
