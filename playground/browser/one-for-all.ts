/** nothing -> one playground on the island's documents, shared by all tests that do not stop it. Its address is injected into them. */
import type { TestProject } from "vitest/node";
import { docsFolder, island } from "../server/island.ts";
import { startPlayground } from "../server/start-playground.ts";

declare module "vitest" {
  export interface ProvidedContext {
    playground: string;
  }
}

export default async function setup(project: TestProject) {
  const docs = await docsFolder(island);
  const playground = await startPlayground(["--docs", docs.folder, "--port", "0"]);
  project.provide("playground", playground.url);
  return async () => {
    await playground.interrupt();
    await docs.remove();
  };
}
