/** A client's name -> the client. Only what is asked for is loaded, so that nothing else weighs on its process. */
import type { CreateClient } from "./client.ts";
import type { ClientName } from "./task.ts";

/** Peers are installed beside their programs, apart from the workspace, and known to no type checker. */
const peer = (file: string) => (): Promise<{ create: CreateClient }> =>
  import(new URL(`../peers/${file}.js`, import.meta.url).href);

export const clients = {
  core: () => import("./core.ts"),
  langchain: () => import("./langchain.ts"),
  llamaindex: () => import("./llamaindex.ts"),
  floor: peer("floor"),
  "together-ai": peer("together-ai"),
  "langchain-openai": peer("langchain-openai"),
  "langchain-togetherai": peer("langchain-togetherai"),
  "llamaindex-together": peer("llamaindex-together"),
  "ai-sdk": peer("ai-sdk"),
} satisfies Record<ClientName, () => Promise<{ create: CreateClient }>>;
