/** embedding models -> one index each, written when it is first needed. Listeners are told the progress of each. */
import { join } from "node:path";
import { addToIndex, IngestError } from "@together-retrieval/ingest";
import type { EmbeddingModel, IndexState, IndexStates } from "../wire.ts";
import { BadInput } from "./bad-input.ts";
import { openPassageIndex, type PassageIndex } from "./index.ts";
import type { Service } from "./service.ts";

/** The documents of the indexes. */
export interface Documents {
  paths: string;
  /** The only format to read, if the folder contains other files as well. */
  format?: "markdown";
  /** Questions to begin with. Without them, the documents' headings are used. */
  examples?: string[];
}

/** In tokens by ingest's estimate, which is 480 bytes. Any model can read that much, and a person sees it at a glance. */
const splitting = { chunkSize: 120, chunkOverlap: 0 };

export class Indexes {
  readonly #documents: Documents | undefined;
  readonly #service: Service;
  readonly #folder: string;
  readonly #states = new Map<string, IndexState>();
  readonly #ready = new Map<string, PassageIndex>();
  readonly #listeners = new Set<(states: IndexStates) => void>();
  readonly #closing = new AbortController();
  readonly #builds = new Set<Promise<void>>();
  #count = 0;

  /** @param folder Each index is written into a folder of its own in it. */
  constructor(documents: Documents | undefined, service: Service, folder: string) {
    this.#documents = documents;
    this.#service = service;
    this.#folder = folder;
    for (const { id } of service.embeddingModels) this.#states.set(id, { state: "absent" });
  }

  get states(): IndexStates {
    return Object.fromEntries(this.#states);
  }

  find(model: string): PassageIndex | undefined {
    return this.#ready.get(model);
  }

  /** @returns a function that removes the listener */
  listen(listener: (states: IndexStates) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An open index. */
  adopt(id: string, index: PassageIndex): void {
    this.#ready.set(id, index);
    const { files, passages, examples } = index;
    this.#tell(id, {
      ...{ state: "ready", files, passages },
      examples: this.#documents?.examples ?? examples,
    });
  }

  /** Begins to write the model's index, unless it exists or is being written. @returns false for a model that is not offered */
  start(id: string): boolean {
    const model = this.#service.embeddingModels.find((offered) => offered.id === id);
    if (!model) return false;
    const state = this.#states.get(id)?.state;
    if (state !== "building" && state !== "ready" && this.#documents)
      this.#follow(this.#build(model, this.#documents));
    return true;
  }

  /** Stops writing indexes, and closes the open ones. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("The playground closes"));
    await Promise.all(this.#builds);
    for (const index of this.#ready.values()) await index.close();
  }

  #follow(build: Promise<void>): void {
    this.#builds.add(build);
    void build.then(() => this.#builds.delete(build));
  }

  async #build({ id, profile }: EmbeddingModel, { paths, format }: Documents): Promise<void> {
    const { signal } = this.#closing;
    this.#tell(id, { state: "building", passages: 0, share: 0 });
    try {
      const to = join(this.#folder, String(++this.#count));
      const { unreadable, chunks } = await addToIndex({
        ...{ paths, format, to, model: id, profile: profile ?? undefined, ...splitting, signal },
        ...{ client: this.#service.client(), batchSize: this.#service.batchSize },
        onProgress: ({ chunks: passages, bytes, totalBytes = 0 }) =>
          this.#tell(id, { state: "building", passages, share: totalBytes && bytes / totalBytes }),
      });
      if (chunks === 0) throw new BadInput(unreadable[0]?.reason ?? `There is no text in ${paths}`);
      const index = await openPassageIndex(to, undefined);
      if (signal.aborted) await index.close();
      else this.adopt(id, index);
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#tell(id, { state: "failed", message });
      // The page shows errors that a user can correct. Any other error is a defect, and its stack is needed to find it.
      const isForUsers = error instanceof IngestError || error instanceof BadInput;
      console.error(isForUsers ? `${id}: ${message}` : error);
    }
  }

  #tell(id: string, state: IndexState): void {
    this.#states.set(id, state);
    for (const listener of this.#listeners) listener(this.states);
  }
}
