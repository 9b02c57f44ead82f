/** Work on documents -> the same work, shown in LangChain's traces as a retriever run. */
import { CallbackManager, type Callbacks } from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import type { Serialized } from "@langchain/core/load/serializable";
import { runningConfig } from "./call.ts";

/** What a trace shows: the class, the query and the figures. */
export interface TracedRun {
  serialized: Serialized;
  query: string;
  metadata: Record<string, unknown>;
}

/** Without callbacks, those of the run around this call are used, as LangChain's own classes do. */
export async function traced<Found extends DocumentInterface>(
  { serialized, query, metadata }: TracedRun,
  callbacks: Callbacks | undefined,
  work: () => Promise<Found[]>,
): Promise<Found[]> {
  const parent = callbacks ?? runningConfig()?.callbacks;
  const manager = CallbackManager.configure(parent, undefined, undefined, undefined, undefined, metadata);
  const run = await manager?.handleRetrieverStart(serialized, query);
  try {
    const documents = await work();
    await run?.handleRetrieverEnd(documents);
    return documents;
  } catch (error) {
    await run?.handleRetrieverError(error);
    throw error;
  }
}
