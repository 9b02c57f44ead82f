/** The inference thread: messages with texts in, messages with vectors and scores out. */
import { parentPort, workerData } from "node:worker_threads";
import { Brake } from "./brake.ts";
import { Inference } from "./inference.ts";
import { TextModel } from "./model.ts";
import type { Answer, Question } from "./thread.ts";

const port = parentPort;
if (!port) throw new Error("worker.js runs only as a worker thread");
const send = (answer: Answer, transfer: ArrayBuffer[] = []) => port.postMessage(answer, transfer);

const running = new Map<number, AbortController>();

async function answer(inference: Inference, { id, ...question }: Question): Promise<void> {
  if (question.kind === "cancel") return running.get(id)?.abort();
  if (question.kind === "close") {
    for (const controller of running.values()) controller.abort();
    return port?.close();
  }
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
      send({ id, kind: "done", result: await inference.count(question.texts, controller.signal) });
    }
  } catch (error) {
    send({ id, kind: "failed", message: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

try {
  const brake = new Brake(workerData.brake);
  const model = await brake.drive(() => TextModel.load(workerData.modelDir));
  const inference = new Inference(model, brake);
  port.on("message", (question: Question) => void answer(inference, question));
  send({ id: 0, kind: "ready", dimensions: model.dimensions, maxTokens: model.maxTokens });
} catch (error) {
  send({ id: 0, kind: "failed", message: error instanceof Error ? error.message : String(error) });
}
