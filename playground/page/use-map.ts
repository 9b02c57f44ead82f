/** a model and the question's vector -> places in two dimensions, computed in a worker thread */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Points } from "../wire.ts";
import type { Drawn } from "./map-worker.ts";
import type { Place } from "./place-among.ts";

export interface MapView {
  points: Points | undefined;
  /** Places in the order of the points. They move while the map is computed. */
  places: Place[];
  question: Place | undefined;
  /** The progress, from 0 to 1. */
  progress: number;
  failure: string | undefined;
}

const blank: MapView = {
  points: undefined,
  places: [],
  question: undefined,
  progress: 0,
  failure: undefined,
};

export function useMap(model: string, questionVector: number[] | undefined): MapView {
  const [view, setView] = useState(blank);
  const thread = useRef<Worker | null>(null);
  useEffect(() => {
    const worker = new Worker(new URL("./map-worker.ts", import.meta.url), { type: "module" });
    thread.current = worker;
    const abort = new AbortController();
    worker.onmessage = ({ data }: MessageEvent<Drawn>) => setView((last) => ({ ...last, ...data }));
    load(model, abort.signal).then(
      ({ points, vectors }) => {
        setView((last) => ({ ...last, points }));
        worker.postMessage({ vectors, dimensions: points.dimensions }, [vectors.buffer]);
      },
      () =>
        abort.signal.aborted || setView((last) => ({ ...last, failure: "The vectors could not be loaded." })),
    );
    return () => {
      abort.abort();
      worker.terminate();
    };
  }, [model]);
  useEffect(() => {
    setView((last) => ({ ...last, question: undefined }));
    if (questionVector) thread.current?.postMessage({ question: questionVector });
  }, [questionVector]);
  return view;
}

async function load(model: string, signal: AbortSignal) {
  const get = async (what: string) => {
    const answer = await fetch(`/api/${what}/${encodeURIComponent(model)}`, { signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer;
  };
  const [points, vectors] = await Promise.all([
    get("points").then((answer): Promise<Points> => answer.json()),
    get("vectors").then((answer) => answer.arrayBuffer()),
  ]);
  return { points, vectors: new Float32Array(vectors) };
}
