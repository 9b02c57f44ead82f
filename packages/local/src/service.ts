/** What the routes answer with: the model in its thread, and what the options say. */
import type { Arrival, Arrivals } from "./arrivals.ts";
import type { Budget } from "./budget.ts";
import type { FaultLayer } from "./fault-layer.ts";
import type { InferenceThread } from "./thread.ts";
import type { Wire } from "./wire.ts";

/** Faults to come, and the requests that came. */
export interface Misbehaviour {
  layer: FaultLayer;
  arrivals: Arrivals;
}

export interface Service {
  /** How the server answers. */
  wire: Wire;
  thread: InferenceThread;
  /** The name under which the model is listed. */
  modelName: string;
  /** The length of the vectors to answer with for this model id. */
  dimensions: (model: string) => number;
  apiKey: string | undefined;
  /** Bytes of requests that are not answered yet. */
  bodies: Budget;
  /** Numbers of vectors that are not sent yet. */
  answers: Budget;
  /** Undefined when nothing is logged. */
  log: ((arrival: Arrival) => void) | undefined;
  /** Only when it was asked for. */
  misbehaviour: Misbehaviour | undefined;
}
