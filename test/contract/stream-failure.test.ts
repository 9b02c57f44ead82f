/** A stream with refusals or failures: what is yielded, what is thrown, and what stops. */
import { TogetherApiError, TogetherConnectionError } from "@together-retrieval/core";
import { type Answer, gate, honest, refuse, reset, silence } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { vectorOf } from "@together-retrieval/test-server/honest";
import type { Request } from "@together-retrieval/test-server/request";
import { describe, expect } from "vitest";
import { clientOf, MODEL } from "./client.ts";
import { failureOf } from "./failure.ts";
import { count } from "./sources.ts";

const options = { model: MODEL, batchSize: 2 };

/** Refuses every request with one of these among its texts. */
function refusing(status: number, ...bad: string[]): Answer {
  return (request, reply) => {
    const isBad = request.inputs.some((text) => bad.includes(text));
    return (isBad ? refuse(status) : honest())(request, reply);
  };
}

describe("a refusal in a stream", () => {
  it("is thrown with the stream's index, after the items of earlier requests", async ({ server }) => {
    server.always(refusing(400, "text 37"));
    const found: number[] = [];
    const consume = async () => {
      for await (const { index } of clientOf(server).embedStream(count(60), options)) found.push(index);
    };
    const error = await failureOf(consume());
    expect(error).toBeInstanceOf(TogetherApiError);
    expect(error).toMatchObject({ status: 400, inputIndex: 37 });
    expect(found).toEqual(Array.from({ length: found.length }, (_, index) => index));
  });

  it.for([400, 413, 422])("of one text is yielded in its place, if asked: %i", async (status, { server }) => {
    server.always(refusing(status, "text 3", "text 20"));
    const stream = clientOf(server).embedStream([...count(30), "text 3"], {
      ...options,
      batchSize: 8,
      onError: "yield",
    });
    const refused: number[] = [];
    let index = 0;
    for await (const one of stream) {
      expect(one.index).toBe(index++);
      if ("error" in one) {
        refused.push(one.index);
        expect(one.error).toMatchObject({ name: "TogetherApiError", status, inputIndex: one.index });
        expect(one.error.message).toContain(`Text ${one.index} was refused.`);
        expect(one).not.toHaveProperty("vector");
      } else expect(one.vector).toEqual(vectorOf(one.item));
    }
    expect(index).toBe(31);
    expect(refused).toEqual([3, 20, 30]);
  });

  it.for<[string, Answer]>([
    ["a wrong key", refuse(401)],
    ["a model that cannot be had", refuse(400, { code: "model_not_available" })],
    ["a server in trouble", refuse(503, {}, { "retry-after-ms": "1" })],
    ["a broken connection", reset],
    ["an odd answer", (_, reply) => void reply.writeHead(200).end("{}")],
  ])("that is about all texts is thrown even then: %s", async ([, trouble], { server }) => {
    server.always(trouble);
    const stream = clientOf(server, { maxRetries: 1 }).embedStream(count(5), {
      ...options,
      onError: "yield",
    });
    await expect(stream.next()).rejects.toMatchObject({ name: /^Together(Api|Connection|Response)Error$/ });
  });

  it("does not send what nobody will see", async ({ server }) => {
    server.script(refuse(401));
    server.always(silence);
    const stream = clientOf(server).embedStream(count(1_000), options);
    await failureOf(stream.next());
    for (const request of server.requests.slice(1)) expect(await request.whenOver()).toBe("closed");
    expect(server.requests.length).toBeLessThanOrEqual(10);
  });

  it("stops what was sent behind it and sends no more, though its consumer is still far from it", async ({
    server,
  }) => {
    const { opened: isBehind, open: sawBehind } = gate();
    const numberOf = ({ inputs }: Request) => Number(inputs[0]?.split(" ")[1]);
    server.always(async (request, reply) => {
      const number = numberOf(request);
      if (number < 8) return honest()(request, reply);
      // Four batches are sent together. Index 12 is the first of the next four.
      if (number >= 12) return sawBehind();
      if (number !== 9) return silence(request, reply);
      await isBehind;
      return refuse(401)(request, reply);
    });
    const client = clientOf(server, { maxConcurrency: 8 });
    const window = 2 * 8;
    const stream = client.embedStream(count(1_000), { model: MODEL, batchSize: 1 });
    await stream.next();
    await isBehind;
    const behind = server.requests.filter((request) => numberOf(request) >= 12);
    expect(behind).not.toHaveLength(0);
    for (const request of behind) expect(await request.whenOver()).toBe("closed");
    for (let index = 1; index < 8; index++) expect((await stream.next()).value).toMatchObject({ index });
    // Anything that was sent would have come during this other client's call.
    await clientOf(server).embed(["text 0"], { model: MODEL });
    expect(Math.max(...server.requests.map(numberOf))).toBeLessThan(window);
    expect(await failureOf(stream.next())).toMatchObject({ status: 401 });
  });

  it("of an item that is no text is a TypeError that names its index", async ({ server }) => {
    const stream = clientOf(server).embedStream(["fine", 7 as unknown as string], {
      ...options,
      batchSize: 1,
      onError: "yield",
    });
    const consume = async () => {
      for await (const _ of stream);
    };
    await expect(consume()).rejects.toThrow(/item 1.* to be a string, got a number/);
  });
});

describe("breaking off a stream", () => {
  it("stops what is in flight", async ({ server }) => {
    let isStalled = () => {};
    const stalling = new Promise<void>((resolve) => {
      isStalled = resolve;
    });
    server.always((request, reply) => {
      if (request.inputs[0] !== "text 99") return honest()(request, reply);
      isStalled();
      return silence(request, reply);
    });
    const texts = [...count(50)].with(30, "text 99");
    for await (const { index } of clientOf(server).embedStream(texts, options)) {
      if (index < 8) continue;
      await stalling;
      break;
    }
    const stalled = server.requests.find(({ inputs }) => inputs[0] === "text 99");
    expect(await stalled?.whenOver()).toBe("closed");
  });

  it("by a network that is gone says so", async ({ server }) => {
    server.always(reset);
    const stream = clientOf(server, { maxRetries: 0 }).embedStream(count(3), options);
    expect(await failureOf(stream.next())).toBeInstanceOf(TogetherConnectionError);
  });
});
