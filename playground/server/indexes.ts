/** embedding models -> one index each, written when it is first asked for; whoever listens hears how far each is */
import { join } from "node:path";
import { addToIndex, IngestError } from "@together-retrieval/ingest";
import type { EmbeddingModel, IndexState, IndexStates } from "../wire.ts";
import { BadInput } from "./bad-input.ts";
import { openPassageIndex, type PassageIndex } from "./index.ts";
import type { Service } from "./service.ts";

/** What is written into an index. */
export interface Documents {
  paths: string;
  /** Of a folder that holds other files too. */
  format?: "markdown";
  /** Questions to begin with, in place of the documents' own headings. */
  examples?: string[];
}

/** By ingest's estimate: 480 bytes, which any model reads and a person sees at once. */
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

  /** @param folder where indexes are written, a folder each */
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

  /** @returns what takes the listener away again */
  listen(listener: (states: IndexStates) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An index that is open. */
  adopt(id: string, index: PassageIndex): void {
    this.#ready.set(id, index);
    const { files, passages, examples } = index;
    this.#tell(id, {
      ...{ state: "ready", files, passages },
      examples: this.#documents?.examples ?? examples,
    });
  }

  /** Begins to write the model's index, unless it is there or on its way. @returns false for a model that is not offered */
  start(id: string): boolean {
    const model = this.#service.embeddingModels.find((offered) => offered.id === id);
    if (!model) return false;
    const state = this.#states.get(id)?.state;
    if (state !== "building" && state !== "ready" && this.#documents)
      this.#follow(this.#build(model, this.#documents));
    return true;
  }

  /** Ends what is being written, and closes what is open. */
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
      // What a user can put right the page shows; anything else is a defect, whose stack somebody needs.
      const isForUsers = error instanceof IngestError || error instanceof BadInput;
      console.error(isForUsers ? `${id}: ${message}` : error);
    }
  }

  #tell(id: string, state: IndexState): void {
    this.#states.set(id, state);
    for (const listener of this.#listeners) listener(this.states);
  }
}
