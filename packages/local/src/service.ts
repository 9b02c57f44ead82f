/** What the routes answer with: the model in its thread, and what the options say of it. */
import type { InferenceThread } from "./thread.ts";

export interface Service {
  thread: InferenceThread;
  /** The name under which the model is listed. */
  modelName: string;
  /** The length of the vectors to answer with for this model id. */
  dimensions: (model: string) => number;
}
