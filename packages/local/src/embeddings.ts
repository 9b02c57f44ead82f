/** texts -> the inference thread -> an embeddings answer */
import type { Context } from "hono";
import { readEmbeddings } from "./arguments.ts";
import type { Env } from "./arrivals.ts";
import { overloaded } from "./budget.ts";
import { checkItems, checkLengths } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";

/** `POST /v1/embeddings`. Each vector is written as soon as it comes, so that a large answer never blocks the server. */
export async function embeddings(context: Context<Env>, service: Service): Promise<Response> {
  const { wire } = service;
  const {
    model = service.modelName,
    input,
    encoding_format: format,
  } = readEmbeddings(context.get("body"), wire);
  const texts = typeof input === "string" ? [input] : input;
  checkItems(texts, wire);
  await checkLengths(texts, context, service);
  const width = service.dimensions(model);
  const numbers = texts.length * width;
  if (numbers > service.answers.maxEach) {
    const most = Math.floor(service.answers.maxEach / width);
    throw new Refusal(
      413,
      `At most ${most} vectors of ${width} numbers are given at once, got ${texts.length} texts`,
    );
  }
  if (!service.answers.hold(numbers)) throw overloaded();
  try {
    const nested = context.req.path === wire.nestedAt;
    const write = nested ? inList : format === "base64" && !wire.onlyFloats ? base64 : decimal;
    const rows: string[] = new Array(texts.length);
    const tokens = await service.thread.embed(texts, context.req.raw.signal, (index, vector) => {
      rows[index] = `{"object":"embedding","index":${index},"embedding":${write(padded(vector, width))}}`;
    });
    const usage = JSON.stringify(wire.usage(tokens, texts));
    const list = `[${rows.join(",")}]`;
    const whole = `{"object":"list","model":${JSON.stringify(model)},"data":${list},"usage":${usage}}`;
    return context.body(nested ? list : whole, 200, { "content-type": "application/json" });
  } finally {
    service.answers.release(numbers);
  }
}

/** Zeros at the end change neither the vector's length nor its cosines. */
function padded(vector: Float32Array, width: number): Float32Array {
  if (vector.length >= width) return vector;
  const wide = new Float32Array(width);
  wide.set(vector);
  return wide;
}

function decimal(vector: Float32Array): string {
  return JSON.stringify(Array.from(vector));
}

function inList(vector: Float32Array): string {
  return `[${decimal(vector)}]`;
}

/** Little-endian float32, which is how every machine that Node runs on holds them. */
function base64(vector: Float32Array): string {
  return `"${Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64")}"`;
}
