/** what is wrong with a request -> the status and the body that Together answers with */

export interface RefusalDetails {
  type?: string;
  param?: string;
  code?: string;
  /** What some servers answer with a status or with words of their own. */
  reason?: "missing" | "type" | "unknown" | "empty" | "items" | "long";
}

/** A request that is refused. `param` names the argument, where one is at fault. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(status: number, message: string, details: RefusalDetails = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** The error body: the OpenAPI file's `error` object, and the `id` that live answers carry beside it. */
export function errorBody(id: string, message: string, details: RefusalDetails = {}) {
  const { type = "invalid_request_error", param = null, code = null } = details;
  return { id, error: { message, type, param, code } };
}
