/** Every constant of the limiter, doubled and halved -> the server that misses its aim, which shows where the constant must be. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { firstMissed as ofSources } from "./aims.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const files = ["pace", "last-answers", "model-limit", "quota"].map((name) => `packages/core/src/${name}.ts`);
const pattern = /^(?:export )?const ([A-Z_]+) = ([\d._ /]+);$/gm;

interface Constant {
  file: string;
  line: string;
  name: string;
  value: number;
}

const constants = (
  await Promise.all(
    files.map(async (file) => {
      const source = await readFile(join(root, file), "utf8");
      return [...source.matchAll(pattern)].map(([line, name = "", written = ""]): Constant => {
        const [above = 0, below = 1] = written.replaceAll("_", "").split("/").map(Number);
        return { file, line, name, value: above / below };
      });
    }),
  )
).flat();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "constants-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The simulation beside a copy of the sources with another value of a constant. */
async function copyWith({ file, line }: Constant, value: number): Promise<typeof ofSources> {
  const copy = await mkdtemp(join(folder, "copy-"));
  for (const part of ["packages/core/src", "test/simulation"])
    await cp(join(root, part), join(copy, part), { recursive: true });
  const path = join(copy, file);
  await writeFile(path, (await readFile(path, "utf8")).replace(line, line.replace(/=.*/, `= ${value};`)));
  const { firstMissed } = await import(/* @vite-ignore */ join(copy, "test/simulation/aims.ts"));
  return firstMissed;
}

const growing =
  "40,000 tokens a second in requests that grow, a bare 429 that says that tokens were too many";
const twoSizes = "40,000 tokens a second in requests of two sizes, the wait stated, nothing said of tokens";
const growingRequests = "10 requests a second in requests that grow, a bare 429";
const threeClients = "three clients on one key, a 429 that states its wait";
const inFiveSeconds = "10 requests in each 5 s, a 429 that states its wait: at most two refused in a window";
const noBurst = "60 a minute, no burst, a bare 429";
const sixAMinute = "6 a minute, no burst, a bare 429";
const threeAMinute = "3 in each minute, a bare 429";
const twoWaiting = "2 at a time with 2 waiting, 100 ms each, more: 429 with `retry-after: 1`";
const quick =
  "503 when more than 4 are there, 15 ms each, so that a refusal takes a third of an answer's time";
const oneInFifty = "one request in fifty answered with a bare 429, for no reason";
const twelve = "2 at a time for 3 s, then 12, 100 ms each, more: a bare 429";
const fullReset = "10 requests a second, headers sent, reset when the bucket is full";
const oneInTen = "one request in ten answered 503, for no reason";
const twoClients = "two clients on one key, 50 requests a second, a bare 429";
const oneInTenLimited = "one request in ten answered with a bare 429, for no reason";

/** The servers whose aim is missed with the double of a constant, and with its half; `undefined` if none is. */
const shownBy: Record<string, [doubled: string | undefined, halved: string | undefined]> = {
  USED: [growing, growing],
  PROBE: [threeClients, noBurst],
  PROBE_GROWTH: [twoWaiting, threeClients],
  PROBE_REQUESTS: [threeClients, inFiveSeconds],
  PROBE_MS: [noBurst, noBurst],
  MEASURED_REQUESTS: [noBurst, twoSizes],
  PROBE_SLOW_SHARE: [noBurst, inFiveSeconds],
  LARGER_REFUSED: [twoSizes, growingRequests],
  LATEST_SHARE: [twoSizes, oneInTen],
  SPREAD: [noBurst, threeClients],
  PATTERN_REQUESTS: [sixAMinute, noBurst],
  PATTERN_ANSWERS: [oneInFifty, oneInTen],
  USUAL_TIMES: [threeClients, oneInTenLimited],
  LARGEST_USUAL_SHARE: [twoClients, oneInTenLimited],
  FIRST_PAUSE_MS: [noBurst, threeAMinute],
  EMPTY_INTERVALS: [noBurst, undefined],
  QUICK_SHARE: [oneInTen, quick],
  CROWD_PROBE_REQUESTS: [twelve, twoWaiting],
  RESERVE: [undefined, fullReset],
};

test("every constant is in the table", () => {
  expect(constants.map(({ name }) => name)).toEqual(Object.keys(shownBy));
});

describe.each(constants)("$name", (constant) => {
  test.each([
    [2, 0],
    [0.5, 1],
  ] as const)("times %s", { timeout: 300_000 }, async (factor, column) => {
    const server = shownBy[constant.name]?.[column];
    const firstMissed = await copyWith(constant, factor * constant.value);
    const missed = await firstMissed(server);
    if (process.env.SHOW_SIMULATION) console.log(constant.name, factor * constant.value, missed);
    expect(missed !== undefined).toBe(server !== undefined);
  });
});
