/** The local server started by a program, asked without any client, and closed: the process ends by itself. */
import { startLocalServer } from "@together-retrieval/local";
import { apiKey, model, notes } from "./notes.mjs";
import { same } from "./same.mjs";

export async function check() {
  const server = await startLocalServer();
  const answer = await fetch(`${server.url}/embeddings`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model, input: notes }),
  });
  const { data } = await answer.json();
  same(
    "vectors",
    data.map(({ embedding }) => embedding.length),
    [384, 384, 384],
  );
  await server.close();
}
