/**
 * The server's process: `POST /open` a plan -> an id; `/ID/v1/…` is answered by that plan; `GET /ID/tally` tells of it. It is not the
 * tests' server: it runs on a processor core of its own and makes its answers in advance, so that its work is no part of a figure.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Job, type JobAnswer } from "./job.ts";

const jobs = new Map<string, Job>();

async function read(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function write(response: ServerResponse, { status, headers, body }: Omit<JobAnswer, "dueAt">): void {
  const lengths = { "content-type": "application/json", "content-length": body.length };
  response.writeHead(status, { ...headers, ...lengths }).end(body);
}

function tell(response: ServerResponse, value: unknown): void {
  write(response, { status: 200, headers: {}, body: Buffer.from(JSON.stringify(value)) });
}

async function serve(job: Job, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedAt = performance.now();
  const answer = job.answer(await read(request), performance.now());
  const send = () => {
    write(response, answer);
    job.tally.slowestMs = Math.max(job.tally.slowestMs, performance.now() - arrivedAt);
  };
  const waitMs = answer.dueAt - performance.now();
  if (waitMs > 0.5) setTimeout(send, waitMs);
  else send();
}

const server = createServer(async (request, response) => {
  const [, id = "", path] = (request.url ?? "").split("/");
  const job = jobs.get(id);
  if (id === "open") {
    const opened = String(jobs.size);
    jobs.set(opened, new Job(await read(request)));
    tell(response, opened);
  } else if (!job) {
    write(response, { status: 404, headers: {}, body: Buffer.from("{}") });
  } else if (path === "tally") {
    tell(response, job.tally);
  } else {
    await serve(job, request, response);
  }
});
// A connection that the server closes between two requests would be measured as a retry.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("disconnect", () => process.exit());
