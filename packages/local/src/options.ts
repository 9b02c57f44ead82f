/** The user's options -> checked options with their defaults. */
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkFaults } from "./check-faults.ts";
import type { Faults } from "./faults.ts";
import type { LogStyle } from "./log.ts";
import type { WireName } from "./wire.ts";
import { wires } from "./wires.ts";

export interface LocalServerOptions {
  /** The port to listen on; 0 takes a free one. @default 0 */
  port?: number;
  /** The address to listen on. Anything but loopback needs an `apiKey`. @default "127.0.0.1" */
  host?: string;
  /** The key that clients must send; without one, any key will do, but some key must be sent. */
  apiKey?: string;
  /** A sentence-transformers folder with an ONNX export, instead of the model that comes with the package. */
  modelDir?: string;
  /**
   * The length of the vectors, for code that expects its own model's: zeros are added at the end, which changes no cosine.
   * A number for every model id, or a number by model id. @default that of the named model where it is well known, else as the small model has them (384)
   */
  dimensions?: number | Record<string, number>;
  /**
   * Whose answers to give: paths, limits, members, errors and scores as that server has them, by its source.
   * `"together"`, `"tei"` (text-embeddings-inference), `"vllm"`, `"infinity"`, `"llama.cpp"`, `"litellm"`, `"sglang"` or `"voyage"`.
   * @default "together"
   */
  wire?: WireName;
  /** The largest body that is read, in bytes; above it the answer is 413. @default 10485760, or 2000000 for `"tei"` */
  maxBodyBytes?: number;
  /** One line on stderr for each request. @default "silent" */
  log?: LogStyle;
  /**
   * How to misbehave, for tests of clients. Any value, even `{}`, opens `GET` and `POST /_faults` and `GET` and
   * `DELETE /_requests`. @default none
   */
  faults?: Faults;
}

export interface CheckedOptions {
  port: number;
  host: string;
  apiKey: string | undefined;
  modelDir: string;
  /** How the model is called in the list of models: its folder's name, unless it is the package's own. */
  modelName: string;
  dimensions: number | Record<string, number>;
  wire: WireName;
  maxBodyBytes: number;
  log: LogStyle;
  faults: Faults | undefined;
}

/** The model that the build puts into `dist/`, which stands beside both `src/` and itself. */
const ownModel = new URL("../dist/model/", import.meta.url);

const known = new Set([
  "port",
  "host",
  "apiKey",
  "modelDir",
  "dimensions",
  "wire",
  "maxBodyBytes",
  "log",
  "faults",
]);

/** @throws TypeError naming the option, what was expected, and what came. */
export function checkOptions(options: LocalServerOptions): CheckedOptions {
  if (typeof options !== "object" || options === null) throw expected("options", "an object", options);
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown) throw new TypeError(`Unknown option \`${unknown}\``);
  const { port = 0, host = "127.0.0.1", apiKey, dimensions = {}, wire = "together" } = options;
  const { modelDir = fileURLToPath(ownModel), log = "silent" } = options;

  if (!Object.hasOwn(wires, wire)) {
    throw expected("wire", `one of ${Object.keys(wires).join(", ")}`, wire);
  }
  const { maxBodyBytes = wires[wire].maxBodyBytes ?? 10 * 1024 * 1024 } = options;
  if (!isWhole(port, 0, 65_535)) throw expected("port", "an integer from 0 to 65535", port);
  if (!isText(host)) throw expected("host", "a non-empty string", host);
  if (apiKey !== undefined && !isText(apiKey)) throw expected("apiKey", "a non-empty string", apiKey);
  if (!isText(modelDir)) throw expected("modelDir", "a non-empty string", modelDir);
  const widths = typeof dimensions === "number" ? [dimensions] : Object.values(dimensions ?? {});
  const areWidths = typeof dimensions === "number" || (typeof dimensions === "object" && dimensions !== null);
  if (!areWidths || !widths.every((width) => isWhole(width, 1, 65_536))) {
    throw expected("dimensions", "an integer from 1 up, or such integers by model id", dimensions);
  }
  if (!isWhole(maxBodyBytes, 1, 2 ** 30)) {
    throw expected("maxBodyBytes", "an integer from 1 to 1073741824", maxBodyBytes);
  }
  if (!["json", "pretty", "silent"].includes(log)) {
    throw expected("log", '"json", "pretty" or "silent"', log);
  }
  if (!isLoopback(host) && apiKey === undefined) {
    throw new TypeError(
      `Expected \`apiKey\` to be set when \`host\` is not loopback, since others can reach ${host}`,
    );
  }
  const faults = options.faults === undefined ? undefined : checkFaults(options.faults);
  const modelName = options.modelDir === undefined ? "all-MiniLM-L6-v2" : basename(resolve(modelDir));
  return { port, host, apiKey, modelDir, modelName, dimensions, wire, maxBodyBytes, log, faults };
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return Number.isInteger(value) && Number(value) >= from && Number(value) <= to;
}

function expected(name: string, what: string, value: unknown): TypeError {
  const came = name === "apiKey" ? "another value" : `\`${JSON.stringify(value) ?? String(value)}\``;
  return new TypeError(`Expected \`${name}\` to be ${what}, got ${came}`);
}
