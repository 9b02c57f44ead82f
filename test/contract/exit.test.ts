/** A process with nothing left to do exits at once: no timer, socket or listener keeps it running. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Answer, headersOnly, honest, refuse, silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { expect, onTestFinished } from "vitest";

const program = fileURLToPath(new URL("./exit-program.ts", import.meta.url));
const source = ["--conditions=@together-retrieval/source", "--import", "tsx"];
const later = { "retry-after": "50" };

/** How the server treats each model. */
const troubles: Record<string, Answer> = {
  none: honest(),
  "a backoff": refuse(503, {}, later),
  "a pause of the client": refuse(429, {}, later),
  "no headers": silence,
  "no body": headersOnly,
};

it("a process exits at once after answers, and after stopping in a backoff, a pause, and an open request", async ({
  server,
}) => {
  server.always((request, reply) => troubles[String(request.body.model)]?.(request, reply));
  const child = spawn(process.execPath, [...source, program, server.baseURL, ...Object.keys(troubles)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const [words] = (await once(child.stdout, "data")) as [Buffer];
  const doneAt = performance.now();
  const [code] = await once(child, "exit");
  expect({ code, words: String(words) }).toEqual({ code: 0, words: "done\n" });
  // This is far less than the waits that were left, and far more than a busy machine needs.
  expect(performance.now() - doneAt).toBeLessThan(10_000);
  const models = new Set(server.requests.map(({ body }) => body.model));
  expect(models).toEqual(new Set(Object.keys(troubles)));
});
