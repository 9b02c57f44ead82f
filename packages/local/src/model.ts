/** a model folder -> tokens of a text, hidden states of a batch, one vector of a text's states */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** A text as the model reads it: at most `maxTokens` ids, special tokens included. */
export type TokenIds = number[];

/** How the states of a text's tokens become one vector. */
type Pooling = "mean" | "cls" | "last";

const graphFiles = ["model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx", "onnx/model_q4.onnx"];

/** In tokens; WordPiece takes a longer one for a single unknown token. */
const longestWord = 100;

/** A sentence-transformers model, run with onnxruntime. */
export class TextModel {
  readonly dimensions: number;
  readonly maxTokens: number;
  /** The id of the commonest word; vocabularies are sorted by frequency, so rarer words have higher ids. */
  readonly commonestWord: number;
  readonly #session: InferenceSession;
  readonly #tokenizer: Tokenizer;
  readonly #prefix: TokenIds;
  readonly #suffix: TokenIds;
  readonly #pooling: Pooling;
  readonly #normalize: boolean;

  /**
   * Reads a sentence-transformers ONNX folder: `model.onnx` or `onnx/model.onnx`, `tokenizer.json`, `config.json`; and, where
   * they stand, `tokenizer_config.json`, `sentence_bert_config.json`, `1_Pooling/config.json` and `modules.json`.
   *
   * @throws Error naming the folder and what is wrong with it.
   */
  static async load(folder: string): Promise<TextModel> {
    const graph = graphFiles.map((file) => join(folder, file)).find(existsSync);
    if (!graph) throw new Error(`No ONNX model in ${folder}: expected ${graphFiles.join(" or ")}`);
    const tokenizerFile = readJson(folder, "tokenizer.json");
    const config = readJson(folder, "config.json");
    if (!tokenizerFile || !config) {
      throw new Error(`No ${tokenizerFile ? "config.json" : "tokenizer.json"} in ${folder}`);
    }
    try {
      // The file's own truncation and padding are for training; this class does both itself.
      const tokenizer = new Tokenizer(tokenizerFile, readJson(folder, "tokenizer_config.json") ?? {});
      const model = new TextModel(folder, config, tokenizer, await InferenceSession.create(graph));
      await model.#prove();
      return model;
    } catch (error) {
      throw new Error(
        `Cannot load the model in ${folder}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }

  private constructor(
    folder: string,
    config: Record<string, unknown>,
    tokenizer: Tokenizer,
    session: InferenceSession,
  ) {
    this.#session = session;
    this.#tokenizer = tokenizer;
    this.dimensions = wholeNumber(config.hidden_size, "hidden_size");
    const limit = readJson(folder, "sentence_bert_config.json")?.max_seq_length;
    this.maxTokens = wholeNumber(limit ?? config.max_position_embeddings ?? 512, "max_seq_length");
    this.#pooling = poolingOf(readJson(folder, "1_Pooling/config.json"));
    this.#normalize = normalizes(folder);

    const word = this.#encode("the");
    const whole = tokenizer.encode("the").ids;
    const at = whole.indexOf(word[0] ?? -1);
    this.#prefix = whole.slice(0, at);
    this.#suffix = whole.slice(at + word.length);
    this.commonestWord = word[0] ?? 0;
  }

  /** Runs one word, so that a graph that cannot run fails at the start and not with the first request. */
  async #prove(): Promise<void> {
    const ids = this.tokens("the");
    const { states } = await this.states([ids]);
    if (states.length === ids.length * this.dimensions) return;
    throw new Error(
      `expected states of hidden_size ${this.dimensions}, got ${states.length / ids.length} numbers a token`,
    );
  }

  /** The ids of the text with special tokens, cut to `maxTokens`. The rest of the text is not read. */
  tokens(text: string): TokenIds {
    const room = this.maxTokens - this.#prefix.length - this.#suffix.length;
    return [...this.#prefix, ...this.#beginning(text, room), ...this.#suffix];
  }

  /** The number of tokens of the whole text, without special tokens. */
  count(text: string): number {
    return this.#encode(text).length;
  }

  /** The special tokens before and after each text. */
  get specialTokens(): { before: number; after: number } {
    return { before: this.#prefix.length, after: this.#suffix.length };
  }

  /** The states of a batch's tokens, `batch.length × longest × dimensions`; rows of shorter texts are padded. */
  async states(batch: TokenIds[]): Promise<{ states: Float32Array; longest: number }> {
    const longest = Math.max(...batch.map((ids) => ids.length));
    const shape = [batch.length, longest];
    const ids = new BigInt64Array(batch.length * longest);
    const mask = new BigInt64Array(ids.length);
    batch.forEach((row, r) => {
      row.forEach((id, i) => {
        ids[r * longest + i] = BigInt(id);
        mask[r * longest + i] = 1n;
      });
    });
    const inputs: Record<string, () => Tensor> = {
      input_ids: () => new Tensor("int64", ids, shape),
      attention_mask: () => new Tensor("int64", mask, shape),
      token_type_ids: () => new Tensor("int64", new BigInt64Array(ids.length), shape),
    };
    const feeds: Record<string, Tensor> = {};
    for (const name of this.#session.inputNames) {
      const input = inputs[name];
      if (!input) throw new Error(`The model asks for an input that is not known here: ${name}`);
      feeds[name] = input();
    }
    const outputs = await this.#session.run(feeds);
    const output =
      outputs.last_hidden_state ?? outputs.token_embeddings ?? Object.values(outputs).find(isStates);
    if (!output || !isStates(output)) throw new Error("The model gives no states of its tokens");
    return { states: output.data as Float32Array, longest };
  }

  /** The vector of one text from the states of its tokens. */
  vector(states: Float32Array): Float32Array {
    const width = this.dimensions;
    const count = states.length / width;
    const [from, to] =
      this.#pooling === "mean" ? [0, count] : this.#pooling === "cls" ? [0, 1] : [count - 1, count];
    const sum = new Float64Array(width);
    for (let t = from; t < to; t++) {
      for (let d = 0; d < width; d++) sum[d] = (sum[d] as number) + (states[t * width + d] as number);
    }
    const scale = this.#normalize ? 1 / (Math.hypot(...sum) || 1) : 1 / (to - from);
    return Float32Array.from(sum, (value) => value * scale);
  }

  #encode(text: string): TokenIds {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The first `room` tokens. Of a long text no more is tokenised than they need: a cut changes the tokens of its last word alone. */
  #beginning(text: string, room: number): TokenIds {
    for (let size = room * 8; size < text.length; size *= 4) {
      const start = this.#encode(text.slice(0, size));
      if (start.length >= room + longestWord) return start.slice(0, room);
    }
    return this.#encode(text).slice(0, room);
  }
}

function readJson(folder: string, file: string): Record<string, unknown> | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} is not JSON`, { cause: error });
  }
}

function wholeNumber(value: unknown, name: string): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new Error(`expected ${name} to be a whole number from 1 up, got ${JSON.stringify(value)}`);
}

function poolingOf(config: Record<string, unknown> | undefined): Pooling {
  if (config?.pooling_mode_cls_token === true) return "cls";
  if (config?.pooling_mode_lasttoken === true) return "last";
  return "mean";
}

/** Whether vectors are scaled to length 1. `modules.json` says so; without that file they are, because cosines are usual. */
function normalizes(folder: string): boolean {
  const modules: unknown = readJson(folder, "modules.json");
  if (!Array.isArray(modules)) return true;
  return modules.some((module) => String(module?.type).endsWith("Normalize"));
}

function isStates(output: { dims: readonly number[]; type: string }): boolean {
  return output.dims.length === 3 && output.type === "float32";
}
