/** texts -> vectors; a query and documents -> scores; on the model itself, in whatever thread it stands */
import { Batches, type Task } from "./batches.ts";
import type { Brake } from "./brake.ts";
import type { TextModel, TokenIds } from "./model.ts";
import { type Reading, read, relevance, similarity, views } from "./relevance.ts";
import { sentences } from "./sentences.ts";

/** Of a longer document only the first sentences are looked at one by one, and they are looked for in its first characters. */
const maxSentences = 64;
const maxCharacters = 50_000;

/** The most documents that are split into sentences at a time: there can be a hundred times as many sentences. */
const documentsAtOnce = 256;

export interface Scores {
  /** One score a document, in input order. */
  scores: number[];
  /** Tokens read: the query's for each document, and the documents'. */
  tokens: number;
}

export class Inference {
  readonly #model: TextModel;
  readonly #batches: Batches;

  constructor(model: TextModel, brake: Brake) {
    this.#model = model;
    this.#batches = new Batches({
      dimensions: model.dimensions,
      states: (batch) => brake.drive(() => model.states(batch)),
    });
  }

  /** Gives each vector out as soon as its batch is done, in any order; resolves with the tokens read. */
  async embed(
    texts: string[],
    signal: AbortSignal,
    take: (index: number, vector: Float32Array) => void,
  ): Promise<number> {
    const model = this.#model;
    const breath = new Breath(signal);
    const tasks: Task[] = [];
    for (const [index, text] of texts.entries()) {
      tasks.push({ ids: model.tokens(text), take: (states) => take(index, model.vector(states)) });
      await breath.after(text);
    }
    await this.#batches.run(tasks, signal);
    return tasks.reduce((sum, task) => sum + task.ids.length, 0);
  }

  /** Scores each document against the query. */
  async rerank(query: string, documents: string[], signal: AbortSignal): Promise<Scores> {
    const model = this.#model;
    const queryIds = model.tokens(query);
    let asked: Reading | undefined;
    await this.#batches.run(
      [{ ids: queryIds, take: (states) => (asked = read(model, queryIds, states)) }],
      signal,
    );
    if (!asked) throw new Error("The query was not read");

    const breath = new Breath(signal);
    const scores: number[] = [];
    let tokens = 0;
    for (let start = 0; start < documents.length; start += documentsAtOnce) {
      const tasks: Task[] = [];
      for (const text of documents.slice(start, start + documentsAtOnce)) {
        const index = scores.push(0) - 1;
        const ids = model.tokens(text);
        tokens += queryIds.length + ids.length;
        tasks.push(...this.#documentTasks(asked, text, ids, (score) => (scores[index] = score)));
        await breath.after(text);
      }
      await this.#batches.run(tasks, signal);
    }
    return { scores, tokens };
  }

  /** The number of tokens of each text, uncut and without special tokens. */
  async count(texts: string[], signal: AbortSignal): Promise<number[]> {
    const breath = new Breath(signal);
    const counts: number[] = [];
    for (const text of texts) {
      let count = 0;
      for (const part of parts(text)) {
        count += this.#model.count(part);
        await breath.after(part);
      }
      counts.push(count);
    }
    return counts;
  }

  /** The document and its sentences as tasks; the last one to be done gives the score. No state is kept: they are large. */
  #documentTasks(asked: Reading, text: string, ids: TokenIds, done: (score: number) => void): Task[] {
    const model = this.#model;
    const found = sentences(text.slice(0, maxCharacters)).slice(0, maxSentences);
    const single = found.length < 2 ? [] : found;
    let missing = single.length + 1;
    let bestSentence = -1;
    let seen = { whole: 0, alike: 0, covered: 0 };
    const finish = () => {
      if (--missing === 0) done(relevance(seen, bestSentence));
    };
    const whole: Task = {
      ids,
      take: (states) => {
        seen = views(asked, read(model, ids, states), (id) => this.#rarity(id));
        finish();
      },
    };
    const each = single.map(
      (sentence): Task => ({
        ids: model.tokens(sentence),
        take: (states) => {
          bestSentence = Math.max(bestSentence, similarity(asked.vector, model.vector(states)));
          finish();
        },
      }),
    );
    return [whole, ...each];
  }

  /** Vocabularies are sorted by frequency: by Zipf's law the logarithm of a word's place stands for its idf. */
  #rarity(id: number): number {
    return Math.log(1 + Math.max(0, id - this.#model.commonestWord));
  }
}

/** Lets other requests run while a long text is tokenised. */
class Breath {
  readonly #signal: AbortSignal;
  #characters = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws the signal's reason */
  async after(text: string): Promise<void> {
    // Even a text of one word has a cost.
    this.#characters += 50 + text.length;
    if (this.#characters < 50_000) return;
    this.#characters = 0;
    await new Promise((resolve) => setImmediate(resolve));
    this.#signal.throwIfAborted();
  }
}

/** A long text in parts that begin with a space, where no token goes across; their tokens are the text's. */
function* parts(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const space = text.indexOf(" ", start + 50_000);
    const end = space < 0 ? text.length : space;
    yield text.slice(start, end);
    start = end;
  }
}
