/** What is sent to the API, and what an error about it needs. */
import type { Secrets } from "./redact.ts";

/** Called in the same turn, so that what it learns counts for the request that goes out next. */
export interface Watch {
  /** It goes out now. Throws when it must not any more: nothing is sent, and that is the rejection. */
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
  /** The call that it belongs to: calls take turns at the limiter. */
  call: object;
  /** Told of each attempt. */
  watch?: Watch;
  /** The caller's texts in this request, which no error may quote. */
  texts: readonly string[];
}

/** A request as it went out, and what an error about it needs. */
export interface Sent extends Pick<ApiRequest, "path"> {
  body: Record<string, unknown>;
  /** What an error must not quote. */
  secrets: Secrets;
  /** What to try where the address is not the API's; empty where nothing is known better. */
  hint: string;
}
