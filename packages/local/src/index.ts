export type { Arrival } from "./arrivals.ts";
export type { FaultRule, Faults } from "./faults.ts";
export type { LocalServerOptions } from "./options.ts";
export { type LocalServer, startLocalServer } from "./server.ts";
