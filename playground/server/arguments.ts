/** the command line -> what to serve, or one line that says what is wrong and exit code 1 */
import { profiles } from "@together-retrieval/core";
import { Command, InvalidArgumentError } from "commander";

/** A key and the models to ask for. */
export interface LiveOptions {
  apiKey: string;
  embeddingModels: string[];
  rerankModels: string[];
  /** The known model behind endpoints whose names do not tell it. */
  profile: string | undefined;
}

export interface PlaygroundOptions {
  docs: string | undefined;
  /** The index that `together-ingest add` wrote, in place of files. */
  index: string | undefined;
  /** The schema of that index, if it is not the default one. */
  schema: string | undefined;
  port: number;
  /** If it is absent, the local server answers. */
  live: LiveOptions | undefined;
}

const command = new Command("npm run playground --")
  .description("A web page on which one sees retrieval: candidates by vector, reranked, and what moved.")
  .option("--docs <path>", "your own files: a folder, or one file (default: this repository's documentation)")
  .option(
    "--index <index>",
    "instead of files: an index that together-ingest wrote, a folder or postgres://…",
  )
  .option("--schema <name>", "with --index: the schema that it was written to")
  .option("--port <number>", "the page's port on this machine; 0 takes a free one", portNumber, 8124)
  .option("--live", "ask the real API, with the key in TOGETHER_API_KEY, instead of a local server")
  .option("--embedding-model <model>", "with --live: a model that embeds, as often as you like", collect)
  .option("--rerank-model <model>", "with --live: a model that reranks, as often as you like", collect)
  .option("--profile <model>", "with --live: the known model behind your endpoint, for its prompt")
  .showSuggestionAfterError(false);

export function readArguments(argv: string[]): PlaygroundOptions {
  const { docs, index, schema, port, live, ...models } = command.parse(argv).opts();
  if (docs?.trim() === "") command.error("error: --docs needs a folder or a file, got a blank name");
  if (index?.trim() === "") command.error("error: --index needs a folder or postgres://…, got a blank name");
  if (index !== undefined && docs !== undefined)
    command.error("error: --docs and --index exclude each other");
  if (schema !== undefined && index === undefined) command.error("error: --schema goes with --index");
  const isMade = index !== undefined;
  return { docs, index, schema, port, live: live ? readLive(models, isMade) : refuseModels(models) };
}

function collect(model: string, before: string[] = []): string[] {
  if (model.trim() === "") throw new InvalidArgumentError("Expected the name of a model, got a blank one.");
  return [...before, model];
}

function portNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
  return Number(text);
}

interface Models {
  embeddingModel?: string[];
  rerankModel?: string[];
  profile?: string;
}

/** An existing index already has its model and profile. */
function readLive({ embeddingModel, rerankModel, profile }: Models, isMade: boolean): LiveOptions {
  if (isMade && (embeddingModel ?? profile) !== undefined)
    command.error("error: --embedding-model and --profile are the index's own with --index");
  if (profile !== undefined && !Object.hasOwn(profiles, profile)) {
    const known = Object.keys(profiles).join(", ");
    command.error(`error: --profile ${profile} is not a known model; expected one of ${known}`);
  }
  const { TOGETHER_API_KEY, TOGETHER_AI_API_KEY } = process.env;
  const apiKey = TOGETHER_API_KEY?.trim() || TOGETHER_AI_API_KEY?.trim();
  if (apiKey && (embeddingModel || isMade) && rerankModel) {
    return { apiKey, embeddingModels: embeddingModel ?? [], rerankModels: rerankModel, profile };
  }
  const missing = [
    ...(apiKey ? [] : ["an API key in TOGETHER_API_KEY"]),
    ...(embeddingModel || isMade ? [] : ["--embedding-model"]),
    ...(rerankModel ? [] : ["--rerank-model"]),
  ];
  return command.error(`error: --live needs ${missing.join(", and ")}`);
}

function refuseModels(models: Models): undefined {
  if (Object.keys(models).length === 0) return undefined;
  command.error(
    "error: --embedding-model, --rerank-model and --profile go with --live: the local server has one model",
  );
}
