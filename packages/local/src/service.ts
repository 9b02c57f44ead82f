/** What the routes need for an answer: the model in its thread, and the options. */
import type { Arrival, Arrivals } from "./arrivals.ts";
import type { Budget } from "./budget.ts";
import type { FaultLayer } from "./fault-layer.ts";
import type { InferenceThread } from "./thread.ts";
import type { Wire } from "./wire.ts";

/** The faults, and the requests that arrived. */
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
  /** The bytes of requests that are not answered yet. */
  bodies: Budget;
  /** Numbers of vectors that are not sent yet. */
  answers: Budget;
  /** Undefined when nothing is logged. */
  log: ((arrival: Arrival) => void) | undefined;
  /** Present only if the option was set. */
  misbehaviour: Misbehaviour | undefined;
}
