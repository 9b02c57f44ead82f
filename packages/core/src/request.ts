/** What is sent to the API, and what an error about it needs. */
import type { Secrets } from "./redact.ts";

export interface ApiRequest {
  path: "/embeddings" | "/rerank";
  body: { model: string } & Record<string, unknown>;
  /** The call that it belongs to: calls take turns at the limiter. */
  call: object;
  /** The caller's texts in this request, which no error may quote. */
  texts: readonly string[];
}

/** A request as it went out, and what an error about it needs. */
export interface Sent extends Pick<ApiRequest, "path" | "body"> {
  /** What an error must not quote. */
  secrets: Secrets;
  /** What to try where the address is not the API's; empty where nothing is known better. */
  hint: string;
}
