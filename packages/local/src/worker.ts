/** The inference thread: messages with texts in, messages with vectors and scores out. */
import { parentPort, workerData } from "node:worker_threads";
import { Inference } from "./inference.ts";
import { TextModel } from "./model.ts";
import type { Answer, Question } from "./thread.ts";

const port = parentPort;
if (!port) throw new Error("worker.js runs only as a worker thread");
const send = (answer: Answer, transfer: ArrayBuffer[] = []) => port.postMessage(answer, transfer);

const running = new Map<number, AbortController>();

async function answer(inference: Inference, { id, ...question }: Question): Promise<void> {
  if (question.kind === "cancel") return running.get(id)?.abort();
  const controller = new AbortController();
  running.set(id, controller);
  try {
    if (question.kind === "embed") {
      const tokens = await inference.embed(question.texts, controller.signal, (index, vector) =>
        send({ id, kind: "vector", index, vector }, [vector.buffer as ArrayBuffer]),
      );
      send({ id, kind: "done", result: tokens });
    } else if (question.kind === "rerank") {
      const { query, documents } = question;
      send({ id, kind: "done", result: await inference.rerank(query, documents, controller.signal) });
    } else {
      send({ id, kind: "done", result: inference.count(question.texts) });
    }
  } catch (error) {
    send({ id, kind: "failed", message: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

try {
  const model = await TextModel.load(workerData.modelDir);
  const inference = new Inference(model);
  port.on("message", (question: Question) => void answer(inference, question));
  send({ id: 0, kind: "ready", dimensions: model.dimensions, maxTokens: model.maxTokens });
} catch (error) {
  send({ id: 0, kind: "failed", message: error instanceof Error ? error.message : String(error) });
}
