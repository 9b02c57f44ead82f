/** What the routes answer with: the model in its thread, and what the options say. */
import type { Arrival } from "./arrivals.ts";
import type { BodyBudget } from "./body.ts";
import type { Misbehaviour } from "./control.ts";
import type { InferenceThread } from "./thread.ts";

export interface Service {
  thread: InferenceThread;
  /** The name under which the model is listed. */
  modelName: string;
  /** The length of the vectors to answer with for this model id. */
  dimensions: (model: string) => number;
  apiKey: string | undefined;
  bodies: BodyBudget;
  /** Undefined when nothing is logged. */
  log: ((arrival: Arrival) => void) | undefined;
  /** Only when it was asked for. */
  misbehaviour: Misbehaviour | undefined;
}
