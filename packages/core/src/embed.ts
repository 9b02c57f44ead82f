/** Texts -> prompts -> distinct texts -> batches -> vectors in input order. */
import type { Api } from "./api.ts";
import { limitsOf } from "./batch.ts";
import { describeType, expected } from "./check.ts";
import { decodeEmbeddings } from "./decode.ts";
import { refuseDrift } from "./drift.ts";
import { pinned, type TogetherApiError } from "./errors.ts";
import { Halving } from "./halving.ts";
import type { Learned } from "./learned.ts";
import { averageVectors, type PieceVector } from "./long-input.ts";
import { notify } from "./notify.ts";
import { prepareBatches, type Sent } from "./prepare.ts";
import type { Watch } from "./request.ts";
import type { ResolvedEmbedOptions } from "./resolve.ts";
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
  // Without `keepsRefusals` a refused text throws, so only vectors are left.
  return outcomes as number[][];
}

/** A copy, so that what the caller does to the array meanwhile changes nothing. @throws TypeError naming the index */
function checkTexts(texts: readonly string[]): string[] {
  if (!Array.isArray(texts)) throw expected("texts", "an array of strings", describeType(texts));
  const copy: unknown[] = [...texts];
  const odd = copy.findIndex((text) => typeof text !== "string");
  if (odd >= 0) throw expected(`texts[${odd}]`, "a string", describeType(copy[odd]));
  return copy as string[];
}

export interface RunOptions {
  signal: AbortSignal | undefined;
  /** Whether a refused text becomes an outcome, or ends the run with an error. */
  keepRefusals: boolean;
  /** The caller's index of the first text. @default 0 */
  offset?: number;
  /** Called with the number of texts that are done. */
  onDone: (done: number) => void;
}

interface RequestContext {
  /** All texts of the run. */
  texts: readonly string[];
  offset: number;
  signal: AbortSignal;
  watch: Watch;
}

/** One call: its options, and what its answers teach. A stream runs it many times. */
export class EmbedCall {
  readonly #api: Api;
  readonly #options: ResolvedEmbedOptions;
  readonly #learned: Learned;
  /** The length of every vector of the call: the profile's, else that of the first vector. */
  #dimensions: number | undefined;

  constructor(api: Api, options: ResolvedEmbedOptions) {
    this.#api = api;
    this.#options = options;
    this.#learned = api.learned("/embeddings", options.model);
    this.#dimensions = options.profile.dimensions;
  }

  /** One outcome per text, in input order. @throws the error that ends the run; the signal's reason when it aborts */
  async run(
    texts: readonly string[],
    { signal, keepRefusals, offset = 0, onDone }: RunOptions,
  ): Promise<(number[] | TogetherApiError)[]> {
    signal?.throwIfAborted();
    const outcomes = new Array<number[] | TogetherApiError>(texts.length);
    const inPieces = new Map<number, { vectors: PieceVector[]; missing: number }>();
    /** For each text that is sent: the indices of the texts equal to it. */
    const equals = new Map<number, number[]>();
    let done = 0;
    const count = (more: number) => {
      done += more;
      onDone(done);
    };
    const finish = (index: number, outcome: number[] | TogetherApiError) => {
      outcomes[index] = outcome;
      count(1 + (equals.get(index)?.length ?? 0));
    };
    const onEqual = (index: number, first: number) => {
      const others = equals.get(first);
      if (others) others.push(index);
      else equals.set(first, [index]);
      if (outcomes[first]) count(1);
    };
    const place = ({ index, piece, pieces, tokens }: Sent, vector: number[]) => {
      if (pieces === 1) return finish(index, this.#finished(vector));
      const parts = inPieces.get(index) ?? { vectors: [], missing: pieces };
      parts.vectors[piece] = { vector, tokens };
      parts.missing--;
      inPieces.set(index, parts);
      if (parts.missing > 0 || outcomes[index]) return;
      inPieces.delete(index);
      finish(index, this.#finished(averageVectors(parts.vectors)));
    };
    const refuse = ({ index }: Sent, error: TogetherApiError) => {
      if (!keepRefusals) throw pinned(error, "Text", index + offset);
      // An earlier piece of the same text may have been refused already.
      if (!outcomes[index]) finish(index, error);
    };
    const halving = new Halving<Sent>(
      {
        send: async (part, signal, watch) => {
          const vectors = await this.#request(part, { texts, offset, signal, watch });
          for (const [at, sent] of part.entries()) place(sent, vectors[at] as number[]);
        },
        refuse,
      },
      this.#learned,
    );
    const options = this.#options;
    const limitsNow = () => limitsOf(options.batchSize, this.#learned);
    const batches = prepareBatches(texts, { options, limitsNow, offset, onEqual });
    await halving.runAll(batches, signal);
    return inInputOrder(outcomes, equals, offset);
  }

  /** Vector i belongs to item i of the batch. */
  async #request(
    batch: readonly Sent[],
    { texts, offset, signal, watch }: RequestContext,
  ): Promise<number[][]> {
    const { model, extraBody, encodingFormat, modelDrift } = this.#options;
    const indices = batch.map(({ index }) => index + offset);
    const base64 = { encoding_format: "base64" };
    const vectors = await this.#api.send(
      {
        path: "/embeddings",
        body: {
          ...{ model, input: batch.map(({ input }) => input), ...extraBody },
          ...(encodingFormat === "base64" && base64),
        },
        ...(encodingFormat === "auto" && { optional: base64 }),
        texts: batch.map(({ index }) => texts[index] as string),
        call: this,
        watch,
      },
      (answer) => {
        const decoded = decodeEmbeddings(answer, indices, this.#dimensions);
        if (modelDrift === "error") refuseDrift(answer, this.#learned);
        return decoded;
      },
      signal,
    );
    this.#dimensions = vectors[0]?.length;
    return vectors;
  }

  /** The vector that the caller gets: cut and scaled as the options say. */
  #finished(vector: number[]): number[] {
    const { dimensions, normalize } = this.#options;
    if (dimensions !== undefined) return normalizeVector(vector.slice(0, dimensions));
    return normalize ? normalizeVector(vector) : vector;
  }
}

/** Equal texts get separate arrays, so that changing one does not change another. Refusals get their own index. */
function inInputOrder(
  outcomes: (number[] | TogetherApiError)[],
  equals: ReadonlyMap<number, readonly number[]>,
  offset: number,
): (number[] | TogetherApiError)[] {
  for (const [first, others] of equals) {
    const outcome = outcomes[first] as number[] | TogetherApiError;
    for (const index of others) outcomes[index] = Array.isArray(outcome) ? outcome.slice() : outcome;
  }
  for (const [index, outcome] of outcomes.entries())
    if (!Array.isArray(outcome)) outcomes[index] = pinned(outcome, "Text", index + offset);
  return outcomes;
}
