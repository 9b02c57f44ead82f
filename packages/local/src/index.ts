export type { Arrival } from "./arrivals.ts";
export type {
  AnswerRule,
  FaultRoute,
  FaultRule,
  Faults,
  Latency,
  RateLimit,
  StatusRule,
  WireRule,
} from "./faults.ts";
export type { LocalServerOptions } from "./options.ts";
export { type LocalServer, startLocalServer } from "./server.ts";
export type { WireName } from "./wire.ts";
