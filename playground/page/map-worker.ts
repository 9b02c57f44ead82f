/** vectors -> places by UMAP, reported while it computes; then a question's vector -> its place among them */
import { UMAP } from "umap-js";
import { cosineDistance, type Place, placeAmong } from "./place-among.ts";

type Asked = { vectors: Float32Array; dimensions: number } | { question: number[] };

/** The size of the map on the page. */
export type Drawn = { places: Place[]; progress: number } | { question: Place } | { failure: string };

const epochsAtOnce = 20;

let drawn: { vectors: number[][]; places: Place[] } | undefined;
let waiting: number[] | undefined;

const tell = (part: Drawn) => postMessage(part);

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  if ("question" in data) {
    waiting = data.question;
    locate();
  } else {
    draw(data.vectors, data.dimensions).catch((error: Error) =>
      tell({ failure: `No map: ${error.message}` }),
    );
  }
});

async function draw(values: Float32Array, dimensions: number): Promise<void> {
  const vectors = Array.from({ length: values.length / dimensions }, (_, row) =>
    Array.from(values.subarray(row * dimensions, (row + 1) * dimensions)),
  );
  // There cannot be more neighbours than other passages.
  const nNeighbors = Math.min(15, vectors.length - 1);
  if (nNeighbors < 2) throw new Error("it takes three passages at least");
  const drawing = new UMAP({ nNeighbors, minDist: 0.15, distanceFn: cosineDistance, random: repeatable() });
  const epochs = drawing.initializeFit(vectors);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    drawing.step();
    if (epoch % epochsAtOnce === 0)
      tell({ places: drawing.getEmbedding() as Place[], progress: epoch / epochs });
  }
  tell({ places: drawing.getEmbedding() as Place[], progress: 1 });
  drawn = { vectors, places: drawing.getEmbedding() as Place[] };
  locate();
}

function locate(): void {
  if (!drawn || !waiting) return;
  tell({ question: placeAmong(waiting, drawn.vectors, drawn.places) });
  waiting = undefined;
}

/** Random numbers from a fixed seed (Mulberry32), so that the same passages give the same map. */
function repeatable(): () => number {
  let state = 7;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
