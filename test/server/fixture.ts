/** a test with `server` among its fixtures -> its own scripted server, which is closed afterwards */
import { test } from "vitest";
import { type AwkwardServer, startServer } from "./server.ts";

export const it = test.extend<{ server: AwkwardServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from a pattern
  server: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.close();
  },
});
