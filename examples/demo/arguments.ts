/** the command line -> what to run, or one line that says what is wrong and exit code 1 */
import { Command } from "commander";

/** A key and the models to ask for. */
export interface LiveOptions {
  apiKey: string;
  embeddingModel: string;
  rerankModel: string;
  chatModel: string | undefined;
}

export interface DemoOptions {
  docs: string | undefined;
  ask: string[] | undefined;
  /** Whether each question's tables of scores are printed. */
  details: boolean;
  /** If it is absent, the local server answers. */
  live: LiveOptions | undefined;
}

const command = new Command("npm run demo --")
  .description("Documentation in, ranked passages and answers out, through LangChain and through LlamaIndex.")
  .option("--docs <path>", "your own files: a folder, or one file (default: READMEs of installed packages)")
  .option("--ask <question>", "your own question, as often as you like (default: three)", collect)
  .option("--details", "all candidates of each question, with the scores of both frameworks")
  .option("--live", "ask the real API, with the key in TOGETHER_API_KEY, instead of a local server")
  .option("--embedding-model <model>", "with --live: the model that embeds")
  .option("--rerank-model <model>", "with --live: the model that reranks")
  .option("--chat-model <model>", "with --live: the model that answers (default: none, passages only)")
  .showSuggestionAfterError(false);

export function readArguments(argv: string[]): DemoOptions {
  const { docs, ask, live, details = false, ...models } = command.parse(argv).opts();
  if (ask?.some((question: string) => question.trim() === "")) {
    command.error("error: --ask needs a question, got a blank one");
  }
  if (docs?.trim() === "") command.error("error: --docs needs a folder or a file, got a blank name");
  return { docs, ask, details, live: live ? readLive(models) : refuseModels(models) };
}

function collect(question: string, before: string[] = []): string[] {
  return [...before, question];
}

type Models = Partial<Record<"embeddingModel" | "rerankModel" | "chatModel", string>>;

function readLive({ embeddingModel, rerankModel, chatModel }: Models): LiveOptions {
  const { TOGETHER_API_KEY, TOGETHER_AI_API_KEY } = process.env;
  const apiKey = TOGETHER_API_KEY?.trim() || TOGETHER_AI_API_KEY?.trim();
  if (apiKey && embeddingModel && rerankModel) return { apiKey, embeddingModel, rerankModel, chatModel };
  const missing = [
    ...(apiKey ? [] : ["an API key in TOGETHER_API_KEY"]),
    ...(embeddingModel ? [] : ["--embedding-model"]),
    ...(rerankModel ? [] : ["--rerank-model"]),
  ];
  return command.error(`error: --live needs ${missing.join(", and ")}`);
}

function refuseModels(models: Models): undefined {
  if (Object.keys(models).length === 0) return undefined;
  command.error(
    "error: --embedding-model, --rerank-model and --chat-model go with --live: the local server has one model",
  );
}
