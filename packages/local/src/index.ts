export type { LocalServerOptions } from "./options.ts";
export { type LocalServer, startLocalServer } from "./server.ts";
