/** Ids of well-known models -> the length of their vectors, so that code that expects this length works here. */

const idsByLength: Record<number, string[]> = {
  384: [
    "BAAI/bge-small-en-v1.5",
    "intfloat/e5-small-v2",
    "intfloat/multilingual-e5-small",
    "sentence-transformers/all-MiniLM-L6-v2",
  ],
  768: [
    "Alibaba-NLP/gte-modernbert-base",
    "BAAI/bge-base-en-v1.5",
    "Snowflake/snowflake-arctic-embed-m-v2.0",
    "google/embeddinggemma-300m",
    "intfloat/e5-base-v2",
    "intfloat/multilingual-e5-base",
    "nomic-ai/nomic-embed-text-v1.5",
    "nomic-ai/nomic-embed-text-v2-moe",
    "togethercomputer/m2-bert-80M-2k-retrieval",
    "togethercomputer/m2-bert-80M-32k-retrieval",
    "togethercomputer/m2-bert-80M-8k-retrieval",
  ],
  1024: [
    "BAAI/bge-large-en-v1.5",
    "BAAI/bge-m3",
    "Qwen/Qwen3-Embedding-0.6B",
    "Snowflake/snowflake-arctic-embed-l-v2.0",
    "WhereIsAI/UAE-Large-V1",
    "intfloat/e5-large-v2",
    "intfloat/multilingual-e5-large",
    "intfloat/multilingual-e5-large-instruct",
    "jinaai/jina-embeddings-v3",
    "jinaai/jina-embeddings-v5-text-small",
    "mixedbread-ai/mxbai-embed-large-v1",
    "thenlper/gte-large",
  ],
  2048: ["jinaai/jina-embeddings-v4"],
  2560: ["Qwen/Qwen3-Embedding-4B"],
  4096: ["Qwen/Qwen3-Embedding-8B", "intfloat/e5-mistral-7b-instruct"],
};

export const knownLengths: ReadonlyMap<string, number> = new Map(
  Object.entries(idsByLength).flatMap(([length, ids]) => ids.map((id) => [id, Number(length)] as const)),
);
