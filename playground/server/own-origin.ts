/** a request -> the next step, or a refusal. With `--live` the server spends the user's money, so other sites must not use it. */
import type { MiddlewareHandler } from "hono";

const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** `Host` shows that a request came by a foreign name that resolves to this machine, and `Origin` that it came from another site's page. */
export const ownOriginOnly: MiddlewareHandler = async (context, next) => {
  const host = context.req.header("host") ?? "";
  const origin = context.req.header("origin");
  const isOwn = loopback.test(host) && (origin === undefined || origin === `http://${host}`);
  if (!isOwn) return context.json({ message: "The playground answers its own page alone." }, 403);
  await next();
};
