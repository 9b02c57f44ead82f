/** the length of vectors and the version of pgvector -> which HNSW index they can have, and how it is asked */

/** How the nearest vectors are found: by an index over the vectors, over halves or signs of their numbers, or by reading all. */
export type VectorIndexKind = "vector" | "halfvec" | "binary" | "none";

export interface VectorIndex {
  kind: VectorIndexKind;
  /** Indexed, of the column `embeddings`. */
  expression: string;
  operators: string;
  /** The order by which the index gives candidates; `$1` is the question's vector. */
  order: string;
  /** Candidates for each result that is wanted: those that the index gives are put in order by their full vectors. */
  oversampling: number;
}

/**
 * pgvector's HNSW takes 2,000 numbers of `vector` (from 0.5), 4,000 of `halfvec` and 64,000 signs as `bit` (both from 0.7).
 * @param version of the extension, such as "0.8.0"
 */
export function vectorIndexFor(dimensions: number, version: string): VectorIndex {
  const minor = minorOf(version);
  const [full, half, signs] = [
    "embeddings",
    `embeddings::halfvec(${dimensions})`,
    `binary_quantize(embeddings)::bit(${dimensions})`,
  ];
  const exact = `${full} <=> $1::vector(${dimensions})`;
  if (dimensions <= 2_000 && minor >= 5)
    return {
      kind: "vector",
      expression: full,
      operators: "vector_cosine_ops",
      order: exact,
      oversampling: 1,
    };
  if (dimensions > 2_000 && dimensions <= 4_000 && minor >= 7) {
    const order = `${half} <=> $1::vector(${dimensions})::halfvec(${dimensions})`;
    return {
      kind: "halfvec",
      expression: `(${half})`,
      operators: "halfvec_cosine_ops",
      order,
      oversampling: 2,
    };
  }
  if (dimensions > 4_000 && minor >= 7) {
    const order = `${signs} <~> binary_quantize($1::vector(${dimensions}))::bit(${dimensions})`;
    return {
      kind: "binary",
      expression: `(${signs})`,
      operators: "bit_hamming_ops",
      order,
      oversampling: 10,
    };
  }
  return { kind: "none", expression: full, operators: "", order: exact, oversampling: 1 };
}

function minorOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 0 ? Number.POSITIVE_INFINITY : minor;
}

/** What `add` says of the choice. */
export function describeVectorIndex(kind: VectorIndexKind, dimensions: number, version: string): string {
  const told = {
    vector: "HNSW over the vectors",
    halfvec: `HNSW over 16-bit halves (${dimensions} dimensions are more than pgvector's 2,000 for full vectors); full vectors order what it finds`,
    binary: `HNSW over signs (${dimensions} dimensions are more than pgvector's 4,000 for halves); full vectors order what it finds`,
    none: `none: pgvector ${version} has no HNSW index for ${dimensions} dimensions, so a search reads every vector; update pgvector to 0.7 or later`,
  };
  return told[kind];
}
