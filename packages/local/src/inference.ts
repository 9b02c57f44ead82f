/** texts -> vectors; a query and documents -> scores; on the model itself, in whatever thread it stands */
import { Batches, type Task } from "./batches.ts";
import type { Brake } from "./brake.ts";
import type { TextModel, TokenIds } from "./model.ts";
import { type Reading, read, relevance } from "./relevance.ts";
import { sentences } from "./sentences.ts";

/** Of a longer document only the first sentences are looked at one by one. */
const maxSentences = 64;

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
    const tasks = texts.map((text, index): Task => {
      const ids = this.#model.tokens(text);
      return { ids, take: (states) => take(index, this.#model.vector(states)) };
    });
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

    let tokens = 0;
    const tasks: Task[] = [];
    const scores: number[] = [];
    documents.forEach((text, index) => {
      const ids = model.tokens(text);
      tokens += queryIds.length + ids.length;
      tasks.push(...this.#documentTasks(asked as Reading, text, ids, (score) => (scores[index] = score)));
    });
    await this.#batches.run(tasks, signal);
    return { scores, tokens };
  }

  /** The number of tokens of each text, uncut and without special tokens. */
  count(texts: string[]): number[] {
    return texts.map((text) => this.#model.count(text));
  }

  /** The document and its sentences as tasks; the last one to be done gives the score. */
  #documentTasks(asked: Reading, text: string, ids: TokenIds, done: (score: number) => void): Task[] {
    const model = this.#model;
    const parts = sentences(text).slice(0, maxSentences);
    const single = parts.length < 2 ? [] : parts;
    const vectors: Float32Array[] = [];
    let document: Reading | undefined;
    const finish = () => {
      if (document && vectors.length === single.length) {
        done(relevance(asked, document, vectors, (id) => this.#rarity(id)));
        document = undefined;
      }
    };
    const whole: Task = {
      ids,
      take: (states) => {
        document = read(model, ids, states);
        finish();
      },
    };
    const each = single.map(
      (sentence): Task => ({
        ids: model.tokens(sentence),
        take: (states) => {
          vectors.push(model.vector(states));
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
