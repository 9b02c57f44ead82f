/** the page's files, the indexes and the service -> an app that answers the page */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { stream, streamSSE } from "hono/streaming";
import type { SearchEvent, Settings } from "../wire.ts";
import { Refused, readRequest } from "./check.ts";
import type { Indexes } from "./indexes.ts";
import { ownOriginOnly } from "./own-origin.ts";
import type { PageFiles } from "./page-files.ts";
import { pointsOf, vectorsOf } from "./points.ts";
import { search } from "./search.ts";
import type { Service } from "./service.ts";

export interface Playground {
  page: PageFiles;
  settings: Settings;
  indexes: Indexes;
  service: Service;
}

export function createApi({ page, settings, indexes, service }: Playground): Hono {
  const app = new Hono();
  app.use(ownOriginOnly);
  // The page may load everything only from this server. The browser's console shows any other request.
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", "data:"] } }));
  app.use(bodyLimit({ maxSize: 100_000 }));
  app.onError((error, context) => {
    if (error instanceof Refused) return context.json({ message: error.message }, error.status);
    console.error(error);
    return context.json({ message: "The playground's server failed: its terminal says why." }, 500);
  });

  app.get("/api/settings", (context) => context.json(settings));

  app.get("/api/events", (context) =>
    streamSSE(context, async (events) => {
      const tell = () => events.writeSSE({ data: JSON.stringify(indexes.states) });
      const stop = indexes.listen(() => void tell());
      await tell();
      // The stream ends when its connection ends: the page closes it, or the server does when it stops.
      await new Promise<void>((resolve) => events.onAbort(resolve));
      stop();
    }),
  );

  app.post("/api/indexes/:model", (context) => {
    const model = context.req.param("model");
    if (!indexes.start(model)) throw new Refused(404, `There is no embedding model ${model} here`);
    return context.body(null, 202);
  });

  const readyIndex = (model: string) => {
    const index = indexes.find(model);
    if (!index) throw new Refused(409, `There is no index of ${model} yet`);
    return index;
  };
  app.get("/api/points/:model", (context) => context.json(pointsOf(readyIndex(context.req.param("model")))));
  app.get("/api/vectors/:model", (context) =>
    context.body(vectorsOf(readyIndex(context.req.param("model"))), 200, {
      "content-type": "application/octet-stream",
    }),
  );

  app.post("/api/search", async (context) => {
    const request = readRequest(await context.req.json().catch(() => undefined));
    const index = readyIndex(request.embeddingModel);
    context.header("content-type", "application/x-ndjson; charset=utf-8");
    return stream(context, async (lines) => {
      const gone = new AbortController();
      lines.onAbort(() => gone.abort(new Error("The page asked for something else")));
      const tell = async (event: SearchEvent) => void (await lines.writeln(JSON.stringify(event)));
      await search(request, index, service, gone.signal, tell);
    });
  });

  app.get("*", (context) => {
    const file = page.get(context.req.path);
    if (!file) return context.json({ message: "There is no such page." }, 404);
    return context.body(file.content, 200, { "content-type": file.type, "cache-control": "no-cache" });
  });
  return app;
}
