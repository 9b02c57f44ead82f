/** `/_faults` and `/_requests`: a test tells the server how to misbehave, and reads the requests that arrived. */
import type { Hono } from "hono";
import type { Env } from "./arrivals.ts";
import { readBody } from "./body.ts";
import { checkKey } from "./key.ts";
import { Refusal } from "./refusal.ts";
import type { Misbehaviour, Service } from "./service.ts";

/** These routes are for the test and not for its client, so they need a key only if the server has one. */
export function controlRoutes(
  app: Hono<Env>,
  { apiKey, bodies }: Service,
  { layer, arrivals }: Misbehaviour,
): void {
  app.use("/_*", async (context, next) => {
    if (apiKey !== undefined) checkKey(context.req.header("authorization"), apiKey);
    await next();
  });
  app.get("/_faults", (context) => context.json(layer.faults));
  app.post("/_faults", async (context) => {
    const body = await readBody(context.env.incoming, bodies);
    bodies.release(body.length);
    try {
      return context.json(layer.replace(JSON.parse(Buffer.from(body).toString())));
    } catch (error) {
      throw new Refusal(400, error instanceof TypeError ? error.message : "Expected faults as JSON");
    }
  });
  app.get("/_requests", (context) => context.json(arrivals.list()));
  app.delete("/_requests", (context) => {
    arrivals.clear();
    return context.body(null, 204);
  });
  for (const [path, allow] of [
    ["/_faults", "GET, POST"],
    ["/_requests", "GET, DELETE"],
  ] as const) {
    app.all(path, (context) => {
      context.header("allow", allow);
      throw new Refusal(405, `Not allowed: ${context.req.method} ${path} (use ${allow.replace(",", " or")})`);
    });
  }
}
