/** an HTTP request -> id, key, body, faults -> its route's answer, or the refusal in Together's words */
import { randomUUID } from "node:crypto";
import { type Context, Hono, type Next } from "hono";
import { cors } from "hono/cors";
import { type Arrival, asShown, type Env, textsOf, withoutKey } from "./arrivals.ts";
import { readBody } from "./body.ts";
import { chat } from "./chat.ts";
import { controlRoutes } from "./control.ts";
import { embeddings } from "./embeddings.ts";
import type { FaultRoute } from "./faults.ts";
import { checkKey } from "./key.ts";
import { models } from "./models.ts";
import { Refusal } from "./refusal.ts";
import { refuse } from "./refuse.ts";
import { rerank } from "./rerank.ts";
import type { Service } from "./service.ts";
import type { Wire } from "./wire.ts";

/** The headers of an answer that a page in a browser may read. */
const exposeHeaders = [
  ...["x-request-id", "retry-after", "retry-after-ms", "x-ratelimit-reset"],
  ...["x-ratelimit-limit", "x-ratelimit-remaining", "x-tokenlimit-limit", "x-tokenlimit-remaining"],
];

const routes = [
  { name: "embeddings", method: "POST", handle: embeddings },
  { name: "rerank", method: "POST", handle: rerank },
  { name: "chat", method: "POST", handle: chat },
  { name: "models", method: "GET", handle: models },
] as const satisfies { name: FaultRoute; method: string; handle: Handler }[];

type Handler = (context: Context<Env>, service: Service) => Response | Promise<Response>;

/** The routes, and the middleware that applies to every answer. */
export function createApp(service: Service): Hono<Env> {
  const { apiKey, bodies, misbehaviour, log, wire } = service;
  const paths = pathsOf(wire);
  const app = new Hono<Env>();
  app.use((context, next) => observe(context, next, service));
  // The requests contain texts. Only the test that sent them may read them, not any page in a browser.
  const shared = cors({ exposeHeaders });
  app.use("/v1/*", shared);
  for (const path of Object.values(paths).flat()) app.use(path, shared);
  if (misbehaviour) controlRoutes(app, service, misbehaviour);

  for (const { name, method, handle } of routes) {
    app.on(
      method,
      paths[name],
      async (context, next) => {
        checkKey(context.req.header("authorization"), apiKey, wire.needsKey);
        const body = await readBody(context.env.incoming, bodies);
        try {
          context.set("body", body);
          const arrival = context.get("arrival");
          if (log || misbehaviour) arrival.texts = textsOf(body).length;
          if (misbehaviour) arrival.body = asShown(body);
          await next();
        } finally {
          bodies.release(body.length);
        }
      },
      (context, next) => misbehaviour?.layer.apply(name, context, next) ?? next(),
      (context) => handle(context, service),
    );
    for (const path of paths[name]) {
      app.all(path, (context) => {
        context.header("allow", method);
        throw new Refusal(405, `Not allowed: ${context.req.method} ${path} (use ${method})`);
      });
    }
  }
  app.get("/", (context) => context.json(greeting(service, new URL(context.req.url).origin)));
  app.notFound((context) => {
    const message = `Unknown route: ${context.req.method} ${context.req.path}`;
    return refuse(context, wire, new Refusal(404, message, { code: "not_found" }));
  });
  app.onError((error, context) => {
    const refusal = new Refusal(500, error.message, { type: "server_error" });
    return refuse(context, wire, error instanceof Refusal ? error : refusal);
  });
  return app;
}

/** The page for people who open the address in a browser. */
function greeting({ modelName, wire }: Service, origin: string) {
  return {
    message: "The local server of Together retrieval is running",
    baseURL: origin + wire.base,
    model: `${modelName} answers every model id`,
    routes: Object.values(pathsOf(wire)).flat(),
  };
}

function pathsOf({ embeddings, rerank }: Wire): Record<FaultRoute, string[]> {
  return { embeddings, rerank, chat: ["/v1/chat/completions"], models: ["/v1/models"] };
}

/** nginx's status for a client that closed the connection before its answer. */
const clientGone = 499;

/** Gives the request its id, and notes how it was answered. */
async function observe(context: Context<Env>, next: Next, service: Service): Promise<void> {
  const came = performance.now();
  const arrival: Arrival = {
    id: randomUUID(),
    at: new Date().toISOString(),
    method: context.req.method,
    path: context.req.path,
    headers: withoutKey(context.req.raw.headers),
    body: null,
    texts: 0,
    faults: [],
    status: null,
    ms: null,
  };
  if (!context.req.path.startsWith("/_")) service.misbehaviour?.arrivals.add(arrival);
  context.set("arrival", arrival);
  context.set("answered", (status) => {
    if (arrival.status !== null) return;
    arrival.status = status;
    arrival.ms = Math.round(performance.now() - came);
    service.log?.(arrival);
  });
  if (service.wire.requestId) context.header(service.wire.requestId, arrival.id);
  try {
    await next();
  } finally {
    context.get("answered")(context.req.raw.signal.aborted ? clientGone : context.res.status);
  }
}
