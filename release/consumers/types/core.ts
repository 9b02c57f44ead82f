/** Compiled as an application's: the core's types are there, and are not `any`. */
import {
  type ModelProfile,
  TogetherClient,
  type TogetherClientOptions,
  TogetherError,
} from "@together-retrieval/core";

const options: TogetherClientOptions = { apiKey: "key", onRetry: ({ waitMs }) => waitMs.toFixed() };
const profile: ModelProfile = {
  dimensions: 384,
  tokenizer: { encode: () => [1], decode: (ids) => ids.join() },
};

export async function use(): Promise<string[]> {
  const client = new TogetherClient(options);
  const vectors: number[][] = await client.embed(["a", "b"], { model: "m", profile, longInput: "truncate" });
  const titles: string[] = [`${vectors.length} ${client.usage.promptTokens}`];
  const ranked = await client.rerank("q", [{ title: "t" }], { model: "m", rankFields: ["title"] });
  for (const { document } of ranked) titles.push(document.title);
  const stream = client.embedStream([{ body: "b" }], { model: "m", text: (row) => row.body });
  for await (const { item, vector } of stream) titles.push(`${item.body} ${vector.length}`);
  // @ts-expect-error: `model` is required
  const refused = await client.embed(["a"], {}).catch((error: unknown) => error);
  return TogetherError.is(refused) ? [...titles, refused.message] : titles;
}
