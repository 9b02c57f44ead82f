/** Compiled as the application's of someone who installed `llamaindex`: its types are the ones we extend. */
import { TogetherEmbeddings, TogetherReranker } from "@together-retrieval/llamaindex";
import { type BaseEmbedding, type BaseNodePostprocessor, Settings } from "llamaindex";

const embeddings: BaseEmbedding = new TogetherEmbeddings({ apiKey: "key", model: "m" });
export const postprocessor: BaseNodePostprocessor = new TogetherReranker({ apiKey: "key", model: "m" });
Settings.embedModel = embeddings;
