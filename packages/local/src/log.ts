/** a request that was answered -> a line on stderr */
import type { Arrival } from "./arrivals.ts";

export type LogStyle = "json" | "pretty" | "silent";

/** Writes a line per request, without headers and texts; undefined when there is nothing to write. */
export function createLog(
  style: LogStyle,
  write = (line: string) => void process.stderr.write(line),
): ((arrival: Arrival) => void) | undefined {
  if (style === "silent") return undefined;
  return ({ at, id, method, path, status, ms, texts, faults }: Arrival): void => {
    if (style === "json") write(`${JSON.stringify({ at, id, method, path, status, ms, texts, faults })}\n`);
    if (style === "pretty") {
      const of = texts === 1 ? " · 1 text" : texts > 0 ? ` · ${texts} texts` : "";
      const with_ = faults.length > 0 ? ` · fault: ${faults.join(", ")}` : "";
      write(`${at.slice(11, 23)} ${method} ${path} ${status ?? "-"} · ${ms ?? "-"} ms${of}${with_}\n`);
    }
  };
}
