/** The hosts that our packages are tried on, with exact versions: the oldest of each peer range, and the newest there is. */

export interface Host {
  /** What the table calls it. */
  row: string;
  /** The file in `programs/` that uses it. */
  program: string;
  /** The file in `types/` that is compiled with it, if any. */
  types?: string;
  /** Our packages that an application lists, without the scope. */
  ours: string[];
  /** Packages of others -> exact version. */
  others: Record<string, string>;
  /** Versions of TypeScript that refuse the host's own declarations, or those it brings: counted; ours must never fail. */
  hostFails?: string[];
}

/** The oldest TypeScript that our declarations promise, the newest 5, and the newest. */
export const typescripts = ["5.4.5", "5.9.3", "7.0.2"];

const langchain = { program: "langchain-load", types: "langchain", ours: ["core", "langchain"] };
const llamaindex = {
  program: "llamaindex",
  types: "llamaindex",
  ours: ["core", "llamaindex"],
  hostFails: typescripts,
};

export const hosts: Host[] = [
  { row: "core", program: "core", types: "core", ours: ["core"], others: {} },
  { row: "tokenizers", program: "tokenizers", types: "tokenizers", ours: ["core", "tokenizers"], others: {} },
  {
    row: "ingest",
    program: "ingest",
    types: "ingest",
    ours: ["core", "tokenizers", "ingest"],
    others: {},
  },
  {
    row: "ingest, the oldest hosts",
    program: "ingest-hosts",
    types: "ingest-hosts",
    ours: ["core", "tokenizers", "ingest"],
    others: { "@langchain/core": "1.0.0", "@llamaindex/core": "0.6.0" },
    hostFails: typescripts,
  },
  { row: "local", program: "local", types: "local", ours: ["local"], others: {} },
  // The langsmith that it brings has CommonJS declarations that import ES modules.
  {
    row: "langchain, @langchain/core 1.0.0",
    ...langchain,
    others: { "@langchain/core": "1.0.0" },
    hostFails: typescripts,
  },
  // Its declarations need TypeScript 5.5.
  {
    row: "langchain, @langchain/core 1.4.0",
    ...langchain,
    others: { "@langchain/core": "1.4.0" },
    hostFails: ["5.4.5"],
  },
  { row: "llamaindex, @llamaindex/core 0.6.0", ...llamaindex, others: { "@llamaindex/core": "0.6.0" } },
  { row: "llamaindex, @llamaindex/core 0.6.23", ...llamaindex, others: { "@llamaindex/core": "0.6.23" } },
  // The first that brings `@llamaindex/core` 0.6.0. It has declarations for ES modules only.
  {
    row: "llamaindex, llamaindex 0.9.13",
    program: "umbrella",
    ours: ["core", "llamaindex"],
    others: { llamaindex: "0.9.13" },
  },
  // It brings `@llamaindex/core` 0.6.22.
  {
    row: "llamaindex, llamaindex 0.12.1",
    ...llamaindex,
    program: "umbrella",
    types: "umbrella",
    others: { llamaindex: "0.12.1" },
  },
];

/** What the pages' programs import beside our packages. */
export const pageImports: Record<string, string> = {
  "@langchain/classic": "1.0.50",
  "@langchain/core": "1.4.0",
  "@llamaindex/core": "0.6.22",
  llamaindex: "0.12.1",
  "together-ai": "0.52.0",
};
