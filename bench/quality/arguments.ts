/** The command line -> what to measure, and with which models. */
import { parseArgs } from "node:util";

export interface Arguments {
  /** Of a collection in BEIR's or Cranfield's format. */
  folder: string;
  studies: string[];
  candidates: number;
  /** Against the API in the environment, with these models, in place of the local server. */
  live: { model: string; reranker: string } | undefined;
  /** The command that makes one of the studies again. */
  command(study: string): string;
}

/** The default studies, which take minutes and not an hour. */
const DEFAULT_STUDIES = ["quality", "long"];

/** @throws Error in one line for arguments that do not fit */
export function readArguments(words: string[], known: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: words.filter((word) => word !== "--"),
    allowPositionals: true,
    options: {
      study: { type: "string", multiple: true, default: DEFAULT_STUDIES },
      candidates: { type: "string", default: "20" },
      live: { type: "boolean", default: false },
      model: { type: "string" },
      reranker: { type: "string" },
    },
  });
  const unknown = values.study.find((name) => !known.includes(name));
  if (unknown) throw new Error(`Expected --study to be one of ${known.join(", ")}, got ${unknown}`);
  const [folder, ...others] = positionals;
  if (!folder || others.length > 0) {
    throw new Error(
      `Expected one folder with a collection in BEIR's or Cranfield's format, as in \`npm run eval -- path/to/scifact\`, got ${positionals.length}`,
    );
  }
  const candidates = Number(values.candidates);
  if (!Number.isInteger(candidates) || candidates < 1) {
    throw new Error(`Expected --candidates to be an integer from 1 up, got ${values.candidates}`);
  }
  const { live, model, reranker } = values;
  if (live && (!model || !reranker))
    throw new Error("--live needs --model and --reranker: there is no default");
  if (!live && (model || reranker)) throw new Error("--model and --reranker go with --live");
  return {
    folder,
    studies: values.study,
    candidates,
    live: model && reranker ? { model, reranker } : undefined,
    command: (study) =>
      `npm run eval -- FOLDER --study ${study}` +
      (live ? ` --live --model ${model} --reranker ${reranker}` : ""),
  };
}
