/** A refusal -> its answer, with the status and the words of the wire. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Env } from "./arrivals.ts";
import type { Refusal } from "./refusal.ts";
import type { Wire } from "./wire.ts";

export function refuse(context: Context<Env>, wire: Wire, { status, message, details }: Refusal): Response {
  const { id } = context.get("arrival");
  const answered = (details.reason && wire.status?.[details.reason]) ?? status;
  const body = wire.error({ ...details, id, path: context.req.path, status: answered, message });
  const code = answered as ContentfulStatusCode;
  return typeof body === "string" ? context.text(body, code) : context.json(body, code);
}
