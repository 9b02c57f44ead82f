import { Together } from "together-ai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TogetherClient } from "./client.ts";
import { TogetherConnectionError, TogetherError } from "./errors.ts";

const KEY = "tgp_v1_a-key-of-the-tests";
const TEXT = "the patient in room seven is called Ottilie";
const once = { maxRetries: 0 };

function embedWith(client: TogetherClient): Promise<unknown> {
  return client.embed([TEXT], { model: "m" }).catch((error: unknown) => error);
}

/** An official client whose own preparation of a request fails. */
class Unprepared extends Together {
  readonly failure: unknown;

  constructor(failure: unknown) {
    super({ apiKey: KEY, baseURL: "http://127.0.0.1:9/v1" });
    this.failure = failure;
  }

  protected override async prepareOptions(): Promise<void> {
    throw this.failure;
  }
}

describe("an official client that fails before it sends", () => {
  it("is an error with its words, without key and texts", async () => {
    const together = new Unprepared(new Error(`no token for ${KEY} to send ${TEXT}`));
    const error = await embedWith(new TogetherClient({ together, ...once }));
    expect(error).toBeInstanceOf(TogetherError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/could not send the request: no token for/),
    });
    expect(String((error as Error).cause) + (error as Error).message).not.toMatch(/Ottilie|a-key-of/);
  });

  it("is an error even if what it throws is none", async () => {
    const error = await embedWith(new TogetherClient({ together: new Unprepared("nothing"), ...once }));
    expect(error).toMatchObject({ message: expect.stringMatching(/an unknown failure/) });
  });
});

describe("a connection that fails", () => {
  const failing = (cause: unknown) =>
    new TogetherClient({
      ...{ apiKey: KEY, ...once },
      fetch: () => Promise.reject(new TypeError("fetch failed", { cause })),
    });

  it("is told by its code where its cause has no words, as Node's has for a name with two addresses", async () => {
    const error = await embedWith(failing(Object.assign(new AggregateError([]), { code: "ECONNREFUSED" })));
    expect(error).toBeInstanceOf(TogetherConnectionError);
    expect((error as Error).message).toMatch(/: ECONNREFUSED\. Check the network/);
  });

  it("is told by what is around it where its cause says nothing at all", async () => {
    expect(await embedWith(failing(new Error("")))).toMatchObject({
      message: expect.stringMatching(/: fetch failed\. Check the network/),
    });
  });
});

describe("a failure without a word", () => {
  it("says what failed and what to check", async () => {
    const fetch = () => Promise.reject(new Error(""));
    const error = await embedWith(new TogetherClient({ apiKey: KEY, fetch, ...once }));
    expect((error as Error).message).toBe("No connection to the API. Check the network and `baseURL`.");
  });

  it("of the API says that there was none", async () => {
    const fetch = async () => Response.json({ error: { code: "odd" } }, { status: 400 });
    const error = await embedWith(new TogetherClient({ apiKey: KEY, fetch, ...once }));
    expect((error as Error).message).toMatch(/answered 400 \(odd\): no message\. /);
  });
});

describe("an environment that may not be read", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("counts as empty: the key is asked for", () => {
    const forbidden = {
      get env(): never {
        throw new Error("Requires env access");
      },
    };
    vi.stubGlobal("process", forbidden);
    expect(() => new TogetherClient()).toThrow(/`apiKey`.*TOGETHER_API_KEY/);
  });
});
