/** an HTTP request -> route, key, body -> the answer, or the refusal in Together's words */
import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { readBody } from "./body.ts";
import { chat } from "./chat.ts";
import { embeddings } from "./embeddings.ts";
import { models } from "./models.ts";
import { errorBody, Refusal } from "./refusal.ts";
import { rerank } from "./rerank.ts";
import type { Service } from "./service.ts";

export type Env = { Bindings: HttpBindings; Variables: { requestId: string } };

type Post = (context: Context<Env>, service: Service, body: Uint8Array) => Promise<Response>;

/** The routes, and around them what is true of every answer. */
export function createApp(
  service: Service,
  { apiKey, maxBodyBytes }: { apiKey: string | undefined; maxBodyBytes: number },
): Hono<Env> {
  const app = new Hono<Env>();
  app.use(cors({ exposeHeaders: ["x-request-id"] }));
  app.use(async (context, next) => {
    const id = randomUUID();
    context.set("requestId", id);
    await next();
    context.header("x-request-id", id);
  });

  app.get("/v1/models", (context) => {
    checkKey(context, apiKey);
    return models(context, service);
  });
  const post = (path: string, handle: Post) =>
    app.post(path, async (context) => {
      checkKey(context, apiKey);
      return handle(context, service, await readBody(context.env.incoming, maxBodyBytes));
    });
  post("/v1/embeddings", embeddings);
  post("/v1/rerank", rerank);
  post("/v1/chat/completions", chat);

  for (const { path, method } of app.routes.filter((route) => route.path.startsWith("/v1/"))) {
    app.all(path, (context) => {
      context.header("allow", method);
      const message = `Not allowed: ${context.req.method} ${path} (use ${method})`;
      return context.json(errorBody(context.get("requestId"), message), 405);
    });
  }
  app.notFound((context) => {
    const message = `Unknown route: ${context.req.method} ${context.req.path}`;
    return context.json(errorBody(context.get("requestId"), message, { code: "not_found" }), 404);
  });
  app.onError((error, context) => refuse(error, context));
  return app;
}

function refuse(error: Error, context: Context<Env>): Response {
  const id = context.get("requestId");
  if (error instanceof Refusal) {
    return context.json(errorBody(id, error.message, error.details), error.status as ContentfulStatusCode);
  }
  return context.json(errorBody(id, error.message, { type: "server_error" }), 500);
}

/** @throws Refusal (401) when no key was sent, or another than the one that is asked for. */
function checkKey(context: Context<Env>, apiKey: string | undefined): void {
  const sent = /^Bearer\s+(\S.*)$/i.exec(context.req.header("authorization") ?? "")?.[1]?.trim();
  if (sent !== undefined && (apiKey === undefined || sent === apiKey)) return;
  const message = sent
    ? "Invalid API key provided"
    : "Missing API key: send it as `Authorization: Bearer KEY` (any key will do unless the server was given one)";
  throw new Refusal(401, message, { code: "invalid_api_key" });
}
