import { Together } from "together-ai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TogetherClient } from "./client.ts";
import { TogetherApiError, TogetherConnectionError, TogetherError } from "./errors.ts";

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
    expect((error as Error).cause).toBeInstanceOf(Error);
    expect(String((error as Error).cause) + (error as Error).message).not.toMatch(/Ottilie|a-key-of/);
  });

  it.each(["nothing", null, undefined])("is an error even if what it throws is none: %s", async (thrown) => {
    const error = await embedWith(new TogetherClient({ together: new Unprepared(thrown), ...once }));
    expect(error).toMatchObject({ message: expect.stringMatching(/an unknown failure/) });
  });
});

describe("a client of the caller's own that shows neither address nor headers", () => {
  it("works on every wire, and its errors suggest no address", async () => {
    // The SDK throws an error with the status of the answer.
    const post = (path: string) => ({ asResponse: () => Promise.reject({ status: 404, message: path }) });
    const client = new TogetherClient({ together: { apiKey: KEY, post }, wire: "tei", ...once });
    const ranked = client.rerank("query", [TEXT], { model: "m" }).catch((error: unknown) => error);
    for (const [error, path] of [
      [await embedWith(client), "/embeddings"],
      [await ranked, "/rerank"],
    ] as const) {
      expect(error).toBeInstanceOf(TogetherApiError);
      expect((error as Error).message).toContain(path);
      expect((error as Error).message).toMatch(/Check `model` and `baseURL`\.$/);
    }
  });
});

describe("the suggested address", () => {
  const answers404 = async () => Response.json({}, { status: 404 });

  it.each([
    ["http://h", " Did you mean `http://h/v1`?"],
    ["http://h/a/b/", " Did you mean `http://h/a/b/v1`?"],
    ["http://h/v1", ""],
  ])("of %s is below /v1, if it is not there already", async (baseURL, hint) => {
    for (const options of [
      { apiKey: KEY, baseURL, fetch: answers404 },
      { together: new Together({ apiKey: KEY, baseURL, fetch: answers404 }) },
    ]) {
      const error = (await embedWith(new TogetherClient({ ...options, ...once }))) as Error;
      expect(error.message.split("Check `model` and `baseURL`.")[1]).toBe(hint);
    }
  });
});

describe("the headers of the caller", () => {
  it.each([
    [
      "options",
      (fetch: typeof globalThis.fetch) => ({ apiKey: KEY, fetch, headers: { authorization: "Basic x" } }),
    ],
    [
      "an official client",
      (fetch: typeof globalThis.fetch) => ({
        together: new Together({ apiKey: KEY, fetch, defaultHeaders: { authorization: "Basic x" } }),
      }),
    ],
  ])("of %s count, even for the authorization", async (_, optionsWith) => {
    const sent: (string | null)[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      sent.push(new Headers(init?.headers).get("authorization"));
      return Response.json({ data: [{ index: 0, embedding: [1] }] });
    };
    await new TogetherClient(optionsWith(fetch)).embed([TEXT], { model: "m" });
    expect(sent).toEqual(["Basic x"]);
  });
});

describe("a redirection", () => {
  it("is told as one where the platform hides its status, as browsers do", async () => {
    const fetch = async () => Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" });
    const error = await embedWith(new TogetherClient({ apiKey: KEY, fetch, ...once }));
    expect(error).toMatchObject({ name: "TogetherApiError", status: 302 });
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

describe("the words of a failed connection", () => {
  const openssl =
    "48E8:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:354:\n";

  it.each([
    [openssl, ": wrong version number. This server speaks http: "],
    [`a\n${openssl}`, ": wrong version number. This server speaks http: "],
    ["self-signed certificate.", ": self-signed certificate. Check the address; "],
  ])("are one sentence: %j", async (words, sentence) => {
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: new Error(words) }));
    const error = (await embedWith(new TogetherClient({ apiKey: KEY, fetch, ...once }))) as Error;
    expect(error.message).toContain(`No connection to the API${sentence}`);
  });

  it("tell that an answer broke off", async () => {
    const broken = () =>
      new ReadableStream({ start: (stream) => stream.error(new Error("read ECONNRESET")) });
    const fetch = async () => new Response(broken());
    const error = (await embedWith(new TogetherClient({ apiKey: KEY, fetch, ...once }))) as Error;
    expect(error.message).toMatch(
      /^The connection broke before the whole answer had come: read ECONNRESET\. /,
    );
  });

  it("tell that the time is over, with a cause of the name that platforms give it", async () => {
    const fetch = () => new Promise<Response>(() => {});
    const error = await embedWith(new TogetherClient({ apiKey: KEY, fetch, timeoutMs: 1, ...once }));
    expect(error).toBeInstanceOf(TogetherConnectionError);
    const cause = { name: "TimeoutError", message: expect.stringContaining("`timeoutMs`") };
    expect(error).toMatchObject({ cause });
  });
});

describe("a refused connection", () => {
  const refused = () =>
    Promise.reject(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:9") }));

  it.each<[string, (() => Promise<Response>)[], number]>([
    ["is tried once more where nothing ever answered", [], 2],
    [
      "is tried again like any other after an answer",
      [async () => Response.json({ data: [{ index: 0, embedding: [1] }] })],
      7,
    ],
    ["is tried again like any other after a refusal", [async () => Response.json({}, { status: 400 })], 7],
  ])("%s", async (_, answers, attempts) => {
    let sent = 0;
    const fetch = () => (answers[sent++] ?? refused)();
    const client = new TogetherClient({ apiKey: KEY, fetch, maxRetryWaitMs: 1 });
    for (const _ of [...answers, refused]) await embedWith(client);
    expect(sent).toBe(attempts);
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
