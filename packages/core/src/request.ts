/** A request to the API, and what an error about it needs. */
import type { Secrets } from "./redact.ts";

/** Called in the same turn of the event loop, so that the next request already knows what this one has taught. */
export interface Watch {
  /** The request is about to be sent. If this throws, nothing is sent, and the request rejects with that error. */
  onSend(): void;
  onFailure(error: unknown): void;
}

export interface ApiRequest {
  path: "/embeddings" | "/rerank";
  body: { model: string } & Record<string, unknown>;
  /**
   * Members of the body that a server may not know. One that is refused by name is left out from then on: that costs a request
   * for each that was in flight. To wait for the first answer of a model would cost every first call one request's time, and
   * to ask for nothing meanwhile would cost it vectors as text: 2,000 of 1,024 numbers took twice as long.
   */
  optional?: Record<string, unknown>;
  /** The call that the request belongs to. Calls take turns at the limiter. */
  call: object;
  /** Called for each attempt. */
  watch?: Watch;
  /** The caller's texts in this request, which no error may quote. */
  texts: readonly string[];
}

/** A request as it was sent, and what an error about it needs. */
export interface Sent extends Pick<ApiRequest, "path"> {
  body: Record<string, unknown>;
  /** What an error must not quote. */
  secrets: Secrets;
  baseURL: string;
  /** What to try if the address seems wrong; empty if there is no advice. */
  hint: string;
}
