/** A request and its handler -> the handler's answer, changed or replaced by the faults. */
import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, Next } from "hono";
import type { Env } from "./arrivals.ts";
import { textsOf } from "./arrivals.ts";
import { checkFaults } from "./check-faults.ts";
import { spoil } from "./fault-answer.ts";
import { FaultPlan } from "./fault-plan.ts";
import { misdeliver } from "./fault-wire.ts";
import type { FaultRoute, Faults, StatusRule } from "./faults.ts";
import { Refusal } from "./refusal.ts";
import { refuse } from "./refuse.ts";
import type { InferenceThread } from "./thread.ts";
import type { Wire } from "./wire.ts";

/** Wraps every route of the wire. The faults can be changed while the server runs. */
export class FaultLayer {
  readonly #thread: InferenceThread;
  readonly #closing: AbortSignal;
  readonly #wire: Wire;
  #plan: FaultPlan;

  constructor(faults: Faults, thread: InferenceThread, wire: Wire, closing: AbortSignal) {
    this.#plan = new FaultPlan(faults);
    this.#thread = thread;
    this.#wire = wire;
    this.#closing = closing;
  }

  get faults(): Faults {
    return this.#plan.faults;
  }

  /** Sets new faults, and resets counts, window and chance. @throws TypeError */
  replace(faults: unknown): Faults {
    this.#plan = new FaultPlan(checkFaults(faults));
    return this.#plan.faults;
  }

  async apply(route: FaultRoute, context: Context<Env>, next: Next): Promise<Response | undefined> {
    const plan = this.#plan;
    const texts = textsOf(context.get("body"));
    const fate = plan.next(route, texts.length);
    const met = (fault: string) => context.get("arrival").faults.push(fault);

    const refused = await this.#overLimit(plan, texts, context);
    if (refused) {
      met("rate-limit");
      return refused;
    }
    if (fate.latencyMs > 0) {
      met("latency");
      const signal = AbortSignal.any([this.#closing, context.req.raw.signal]);
      await sleep(fate.latencyMs, undefined, { signal }).catch(() => {});
    }
    if (fate.status) {
      met(fate.status.fault);
      return errorAnswer(context, this.#wire, fate.status);
    }
    await next();
    if (context.res.ok && context.res.headers.get("content-type")?.startsWith("application/json")) {
      for (const { fault } of fate.answers) {
        met(fault);
        const wrong = spoil(await context.res.json(), fault, fate.seed);
        context.res = context.json(wrong);
      }
    }
    if (fate.wire) {
      met(fate.wire.fault);
      context.get("answered")(context.res.status);
      await misdeliver(context.res, context.env.outgoing, fate.wire, this.#closing);
      context.res = RESPONSE_ALREADY_SENT;
    }
    return undefined;
  }

  async #overLimit(plan: FaultPlan, texts: string[], context: Context<Env>): Promise<Response | undefined> {
    if (!plan.window) return undefined;
    const counts =
      plan.faults.rateLimit?.tokens === undefined
        ? []
        : await this.#thread.count(texts, context.req.raw.signal);
    const tokens = counts.reduce((sum, count) => sum + count, 0);
    const { refusedFor, headers } = plan.window.admit(tokens, Date.now());
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    if (!refusedFor) return undefined;
    const message = `You have reached the limit of ${refusedFor}s for this model; try again later`;
    const type = `dynamic_${refusedFor}_limited`;
    return refuse(context, this.#wire, new Refusal(429, message, { type }));
  }
}

function errorAnswer(context: Context<Env>, wire: Wire, rule: StatusRule): Response {
  const init = { status: rule.status, headers: { ...rule.headers } };
  if (rule.fault === "html") {
    const title = `${rule.status} ${rule.message ?? "Bad gateway"}`;
    const page = `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`;
    return new Response(page, { ...init, headers: { "content-type": "text/html", ...rule.headers } });
  }
  const { message = "A fault that was asked for", type = "server_error", code } = rule;
  const details = { type, ...(code !== undefined && { code }) };
  const answer = refuse(context, wire, new Refusal(rule.status, message, details));
  for (const [name, value] of Object.entries(rule.headers ?? {})) answer.headers.set(name, value);
  return answer;
}
