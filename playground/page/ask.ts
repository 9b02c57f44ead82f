/** a request -> the server's answer, line by line. If the connection fails, that is reported as a failure too. */
import type { Failure, SearchEvent, SearchRequest } from "../wire.ts";

/** If it is aborted, it ends without an event. */
export async function* ask(request: SearchRequest, signal: AbortSignal): AsyncGenerator<SearchEvent> {
  let step: Failure["step"] = "embed";
  try {
    const answer = await fetch("/api/search", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      signal,
    });
    if (!answer.ok || !answer.body) {
      const { message } = await answer.json();
      yield failure(step, message, answer.status);
      return;
    }
    let isComplete = false;
    for await (const line of linesOf(answer.body)) {
      const event: SearchEvent = JSON.parse(line);
      if (event.kind === "candidates") step = "rerank";
      isComplete ||= event.kind === "ranking" || event.kind === "error";
      yield event;
    }
    if (!isComplete && !signal.aborted) yield failure(step, "The answer broke off.", null);
  } catch {
    if (!signal.aborted) yield failure(step, "The playground's server does not answer.", null);
  }
}

function failure(step: Failure["step"], message: string, status: number | null): Failure {
  return { kind: "error", step, message, status, code: null };
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
