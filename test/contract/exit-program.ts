/** `exit-program.ts BASE_URL MODEL…`: calls each model, aborts the calls that would not end, prints "done", and then has nothing left to do. */
import { TogetherClient } from "@together-retrieval/core";

const [, , baseURL, ...models] = process.argv;
for (const model of models) {
  const controller = new AbortController();
  const client = new TogetherClient({ apiKey: "a-key", baseURL, maxConcurrency: 2 });
  const calls = [1, 2, 3, 4, 5].map((at) =>
    client.embed([`text ${at}`], { model, signal: controller.signal }),
  );
  const stopping = model === "none" ? undefined : setTimeout(() => controller.abort(), 300);
  await Promise.allSettled(calls);
  clearTimeout(stopping);
}
console.log("done");
