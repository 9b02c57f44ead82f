/** The floor: the least that a client can do, with the fastest transport and the parser that every client has. */
import { Pool } from "undici";

export function create({ baseURL, batchSize = 100, concurrency = 8 }) {
  const { origin, pathname } = new URL(baseURL);
  const pool = new Pool(origin, { connections: concurrency });
  const headers = { "content-type": "application/json", authorization: "Bearer bench" };

  async function send(input) {
    const body = JSON.stringify({ model: "bench", input });
    const answer = await pool.request({ path: `${pathname}/embeddings`, method: "POST", headers, body });
    const { data } = JSON.parse(await answer.body.text());
    return data.map(({ embedding }) => embedding);
  }

  return {
    async embed(texts) {
      const vectors = new Array(texts.length);
      let next = 0;
      const work = async () => {
        while (next < texts.length) {
          const start = next;
          next += batchSize;
          const batch = await send(texts.slice(start, start + batchSize));
          for (let at = 0; at < batch.length; at++) vectors[start + at] = batch[at];
        }
      };
      await Promise.all(Array.from({ length: concurrency }, work));
      return vectors;
    },
  };
}
