/** texts -> prompts -> distinct texts -> batches -> vectors in input order */
import type { Api } from "./api.ts";
import { byteLength, MAX_BATCH_TOKENS, planBatches, type Sized } from "./batch.ts";
import { describeType, expected } from "./check.ts";
import { decodeEmbeddings } from "./decode.ts";
import { pinned, subjectOf, type TogetherApiError } from "./errors.ts";
import { Halving } from "./halving.ts";
import type { Learned } from "./learned.ts";
import { averageVectors, fitText, type Piece, type PieceVector } from "./long-input.ts";
import { notify } from "./notify.ts";
import { DEFAULT_SPECIAL_TOKENS } from "./profiles.ts";
import type { ApiRequest, Watch } from "./request.ts";
import type { ResolvedEmbedOptions } from "./resolve.ts";
import { encode } from "./tokenizer.ts";
import type { ApiAnswer } from "./transport.ts";
import { normalizeVector } from "./vectors.ts";

/** `number[][]`, one row per text, in input order. */
export async function embed(
  api: Api,
  texts: readonly string[],
  options: ResolvedEmbedOptions,
): Promise<number[][]> {
  const { signal, onProgress } = options;
  const checked = checkTexts(texts);
  const outcomes = await new EmbedCall(api, options).run(checked, {
    signal,
    keepRefusals: false,
    onDone: (done) => notify(onProgress, { done, total: checked.length }),
  });
  // Refusals that are not kept are thrown.
  return outcomes as number[][];
}

/** A copy, so that what the caller does to the array meanwhile changes nothing. @throws TypeError naming the index */
function checkTexts(texts: readonly string[]): string[] {
  if (!Array.isArray(texts)) throw expected("texts", "an array of strings", describeType(texts));
  return Array.from(texts, (text: unknown, index) => checkText(text, `texts[${index}]`));
}

export function checkText(text: unknown, name: string): string {
  if (typeof text === "string") return text;
  throw expected(name, "a string", describeType(text));
}

/** One distinct text of a run: where the caller gave it, what travels for it, and what came back. */
interface Entry {
  text: string;
  /** The caller's indices of this text, lowest first. */
  indices: [number, ...number[]];
  pieces: Piece[];
  /** Vector i is piece i's. */
  vectors: PieceVector[];
  /** Pieces without an outcome. */
  missing: number;
  refusal?: TogetherApiError;
}

/** One string of a request: a piece of an entry, with the prompt before it. */
interface Sent extends Sized {
  entry: Entry;
  piece: number;
  tokens: number;
  input: string;
}

export interface RunOptions {
  signal: AbortSignal | undefined;
  /** Whether a refused text is an outcome of its own, or ends the run. */
  keepRefusals: boolean;
  /** The caller's index of the first text. @default 0 */
  offset?: number;
  /** Told how many texts are done. */
  onDone?: (done: number) => void;
}

/** One call of the caller's: options, and what is learned from its answers. A stream runs it many times. */
export class EmbedCall {
  readonly #api: Api;
  readonly #options: ResolvedEmbedOptions;
  readonly #learned: Learned;
  /** Of every vector of the call: the profile's, else those of the first that came. */
  #dimensions: number | undefined;

  constructor(api: Api, options: ResolvedEmbedOptions) {
    this.#api = api;
    this.#options = options;
    this.#learned = api.learned("/embeddings", options.model);
    this.#dimensions = options.profile.dimensions;
  }

  /** One outcome per text, in input order. @throws what ends the run; the signal's reason when it aborts */
  async run(texts: readonly string[], options: RunOptions): Promise<(number[] | TogetherApiError)[]> {
    options.signal?.throwIfAborted();
    const offset = options.offset ?? 0;
    const entries = this.#distinct(texts, offset);
    let done = 0;
    const finishPiece = (entry: Entry) => {
      if (--entry.missing > 0) return;
      done += entry.indices.length;
      options.onDone?.(done);
    };
    const refuse = (entry: Entry, error: TogetherApiError) => {
      if (!options.keepRefusals) throw pinned(error, "Text", entry.indices[0]);
      entry.refusal ??= error;
      finishPiece(entry);
    };
    const halving = new Halving<Sent>(
      {
        send: async (part, signal, watch) => {
          await this.#request(part, signal, watch);
          for (const { entry } of part) finishPiece(entry);
        },
        refuse: ({ entry }, error) => refuse(entry, error),
      },
      this.#learned,
    );
    await halving.runAll(this.#batches(entries), options.signal);
    return this.#inInputOrder(entries, texts.length, offset);
  }

  #distinct(texts: readonly string[], offset: number): Entry[] {
    const entries = new Map<string, Entry>();
    for (const [at, text] of texts.entries()) {
      const index = at + offset;
      const known = entries.get(text);
      if (known) {
        known.indices.push(index);
      } else {
        const pieces = this.#pieces(text, index);
        entries.set(text, { text, indices: [index], pieces, vectors: [], missing: pieces.length });
      }
    }
    return [...entries.values()];
  }

  #pieces(text: string, index: number): Piece[] {
    const { longInput, prompt, profile } = this.#options;
    const { tokenizer, maxTokens, specialTokens = DEFAULT_SPECIAL_TOKENS } = profile;
    if (!tokenizer) return [{ text, tokens: 0 }];
    if (longInput === "send" || !maxTokens) return [{ text, tokens: encode(tokenizer, text).length }];
    return fitText(text, index, longInput, { tokenizer, maxTokens, specialTokens, prompt });
  }

  #batches(entries: readonly Entry[]): Sent[][] {
    const { prompt, batchSize, profile } = this.#options;
    const { tokenizer, specialTokens = DEFAULT_SPECIAL_TOKENS } = profile;
    // What every text has beside its own tokens.
    const taken = tokenizer ? encode(tokenizer, prompt).length + specialTokens : 0;
    const sent: Sent[] = [];
    for (const entry of entries) {
      for (const [piece, { text, tokens }] of entry.pieces.entries()) {
        const input = prompt + text;
        const length = tokenizer ? taken + tokens : text.length;
        sent.push({ entry, piece, tokens, input, index: sent.length, bytes: byteLength(input), length });
      }
    }
    const count = Math.min(batchSize, this.#learned.maxItems);
    return planBatches(sent, { count, padded: tokenizer && MAX_BATCH_TOKENS });
  }

  async #request(batch: Sent[], signal: AbortSignal, watch: Watch): Promise<void> {
    const vectors = await this.#sendInEncoding(
      {
        path: "/embeddings",
        body: {
          model: this.#options.model,
          input: batch.map(({ input }) => input),
          ...this.#options.extraBody,
        },
        texts: batch.map(({ entry }) => entry.text),
        call: this,
        watch,
      },
      batch.map(({ entry }) => entry.indices[0]),
      signal,
    );
    this.#dimensions = vectors[0]?.length;
    for (const [at, { entry, piece, tokens }] of batch.entries())
      entry.vectors[piece] = { vector: vectors[at] as number[], tokens };
  }

  /** Base64 is asked for where the caller wants it and the model is not known to refuse the argument. */
  async #sendInEncoding(
    request: ApiRequest,
    indices: readonly number[],
    signal: AbortSignal,
  ): Promise<number[][]> {
    const { encodingFormat } = this.#options;
    const decode = (answer: ApiAnswer) => decodeEmbeddings(answer, indices, this.#dimensions);
    const { refusedMembers } = this.#learned;
    const mayFallBack = encodingFormat === "auto";
    if (encodingFormat === "float" || (mayFallBack && refusedMembers.has("encoding_format")))
      return this.#api.send(request, decode, signal);
    try {
      const body = { ...request.body, encoding_format: "base64" };
      return await this.#api.send({ ...request, body }, decode, signal);
    } catch (error) {
      if (!mayFallBack || subjectOf(error) !== "encoding") throw error;
      refusedMembers.add("encoding_format");
      return this.#api.send(request, decode, signal);
    }
  }

  #inInputOrder(entries: readonly Entry[], count: number, offset: number): (number[] | TogetherApiError)[] {
    const outcomes = new Array<number[] | TogetherApiError>(count);
    for (const entry of entries) {
      const vector = entry.refusal ? [] : this.#vectorOf(entry);
      for (const [copy, index] of entry.indices.entries()) {
        // Equal texts get arrays of their own: what the caller does to one must not show in another.
        const own = copy === 0 ? vector : vector.slice();
        outcomes[index - offset] = entry.refusal ? pinned(entry.refusal, "Text", index) : own;
      }
    }
    return outcomes;
  }

  #vectorOf({ vectors }: Entry): number[] {
    const [only, ...others] = vectors;
    const vector = only && others.length === 0 ? only.vector : averageVectors(vectors);
    const { dimensions, normalize } = this.#options;
    if (dimensions !== undefined) return normalizeVector(vector.slice(0, dimensions));
    return normalize ? normalizeVector(vector) : vector;
  }
}
