/** embedding models -> one index each, built when it is first asked for; whoever listens hears how far each is */
import { TogetherError } from "@together-retrieval/core";
import type { Database } from "../../examples/demo/database.ts";
import type { EmbeddingModel, IndexState, IndexStates } from "../wire.ts";
import { buildIndex, type Passage, type PassageIndex } from "./index.ts";
import type { Service } from "./service.ts";

export class Indexes {
  readonly #passages: Passage[];
  readonly #service: Service;
  readonly #database: Database;
  readonly #states = new Map<string, IndexState>();
  readonly #ready = new Map<string, PassageIndex>();
  readonly #listeners = new Set<(states: IndexStates) => void>();
  readonly #closing = new AbortController();
  readonly #builds = new Set<Promise<void>>();
  #tables = 0;

  constructor(passages: Passage[], service: Service, database: Database) {
    this.#passages = passages;
    this.#service = service;
    this.#database = database;
    for (const { id } of service.embeddingModels) this.#states.set(id, { state: "absent" });
  }

  get states(): IndexStates {
    return Object.fromEntries(this.#states);
  }

  find(model: string): PassageIndex | undefined {
    return this.#ready.get(model);
  }

  /** @returns what takes the listener away again */
  listen(listener: (states: IndexStates) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An index that is there already. */
  adopt(index: PassageIndex, passages: number): void {
    this.#ready.set(index.model.id, index);
    this.#tell(index.model, { state: "ready", passages, ms: 0 });
  }

  /** Begins to build the model's index, unless it is there or on its way. @returns false for a model that is not offered */
  start(id: string): boolean {
    const model = this.#service.embeddingModels.find((offered) => offered.id === id);
    if (!model) return false;
    const state = this.#states.get(id)?.state;
    if (state !== "building" && state !== "ready") this.#follow(this.#build(model));
    return true;
  }

  /** Ends what is being built: nobody writes to the database after this. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("The playground closes"));
    await Promise.all(this.#builds);
  }

  #follow(build: Promise<void>): void {
    this.#builds.add(build);
    void build.then(() => this.#builds.delete(build));
  }

  async #build(model: EmbeddingModel): Promise<void> {
    const total = this.#passages.length;
    const begun = performance.now();
    this.#tell(model, { state: "building", done: 0, total });
    try {
      const index = await buildIndex({
        ...{ model, passages: this.#passages, database: this.#database },
        ...{ tableName: `passages_${++this.#tables}`, client: this.#service.client() },
        batchSize: this.#service.batchSize,
        signal: this.#closing.signal,
        onProgress: (done) => this.#tell(model, { state: "building", done, total }),
      });
      this.#ready.set(model.id, index);
      this.#tell(model, { state: "ready", passages: total, ms: performance.now() - begun });
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#tell(model, { state: "failed", message });
      // What the API refuses the page shows; anything else is a defect, whose stack somebody needs.
      console.error(TogetherError.is(error) ? `${model.id}: ${message}` : error);
    }
  }

  #tell({ id }: EmbeddingModel, state: IndexState): void {
    this.#states.set(id, state);
    for (const listener of this.#listeners) listener(this.states);
  }
}
