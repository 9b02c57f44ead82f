/** Compiled as a test's: the server's options and address have types. */
import { type LocalServer, type LocalServerOptions, startLocalServer } from "@together-retrieval/local";

const options: LocalServerOptions = { port: 0, log: "silent" };

export async function use(): Promise<string> {
  const server: LocalServer = await startLocalServer(options);
  // @ts-expect-error: there is no such option
  startLocalServer({ ports: 1 });
  return `${server.url} ${server.port.toFixed()}`;
}
