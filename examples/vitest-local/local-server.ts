/** Before all tests: starts the server and tells the tests where it is. After them: stops it. */
import { startLocalServer } from "@together-retrieval/local";
import type { TestProject } from "vitest/node";

export default async function setup(project: TestProject) {
  // `faults`, even empty, opens /_faults, so that a test can make the server misbehave.
  const server = await startLocalServer({ faults: {} });
  project.provide("togetherURL", server.url);
  return () => server.close();
}

declare module "vitest" {
  interface ProvidedContext {
    togetherURL: string;
  }
}
