/** three workers, twenty kills, restarts of Redis and Postgres, an API that fails now and then -> is every row right? */

import type { Running } from "./command.ts";
import { expectEqual, expectThat } from "./expect.ts";
import { type Field, model } from "./field.ts";
import { readRows } from "./rows.ts";

const records = 2_000;
const batchSize = 10;
const concurrency = 4;
const workers = 3;
const kills = 20;
/** Before these kills, something else fails as well. */
const [redisAt, postgresAt] = [7, 13];
const spells = new Map([
  [4, 429],
  [10, 503],
  [16, 429],
]);
/** For how many requests the API fails. */
const spellRequests = 12;

export async function chaos(field: Field): Promise<string> {
  const texts = Array.from({ length: records }, (_, at) => `Record ${at} of the chaos`);
  const file = await field.writeRecords("chaos.jsonl", texts);
  await field.produce(file, "chaos", batchSize);
  const run = new ChaosRun(field);
  await run.toTheEnd();
  const extra = await checkRows(field, texts);
  await checkReference(field, file);
  return `${kills} kills, ${run.mostLost} texts in flight at them, ${extra} of ${records} texts paid for again`;
}

interface Worker {
  key: string;
  running: Running;
}

class ChaosRun {
  /** The most texts that were in flight when their worker was killed: those of its requests, and of answers that were not yet written. */
  mostLost = 0;
  readonly #field: Field;
  readonly #team: Worker[] = [];
  #kills = 0;
  #spell = { status: 0, left: 0 };
  #mayGoOn = () => {};

  constructor(field: Field) {
    this.#field = field;
  }

  async toTheEnd(): Promise<void> {
    const { api } = this.#field;
    api.latencyMs = 50;
    api.judge = () => this.#judge();
    for (let n = 0; n < workers; n++) this.#team.push(this.#hire());
    while (this.#kills < kills) await this.#killOne();
    api.judge = () => ({});
    this.#mayGoOn();
    await this.#finish();
  }

  #hire(): Worker {
    return this.#field.startWorker("chaos", ["--concurrency", String(concurrency), "--lock-seconds", "10"]);
  }

  /** How many texts are answered between two kills, so that the work does not end before the last kill. */
  async #judge() {
    const { api } = this.#field;
    const share = (records * (this.#kills + 1)) / (kills + 2);
    while (this.#kills < kills && api.paid.size >= share) {
      const before = this.#mayGoOn;
      await new Promise<void>((resolve) => {
        this.#mayGoOn = () => {
          before();
          resolve();
        };
      });
    }
    if (this.#spell.left === 0) return {};
    this.#spell.left--;
    const headers: Record<string, string> = this.#spell.status === 429 ? { "retry-after-ms": "300" } : {};
    return { status: this.#spell.status, headers };
  }

  async #killOne(): Promise<void> {
    // Half of the workers are killed after their request, the others before they have written an answer.
    const key = await this.#hear(this.#kills % 2 === 0 ? "came" : "answered");
    const at = this.#team.findIndex((worker) => worker.key === key);
    const victim = this.#team[at];
    if (!victim) return;
    victim.running.child.kill("SIGKILL");
    this.mostLost += concurrency * batchSize;
    await victim.running.ended;
    this.#kills++;
    if (process.stderr.isTTY) console.error(`kill ${this.#kills} of ${kills}`);
    await this.#trouble();
    this.#team[at] = this.#hire();
    const goOn = this.#mayGoOn;
    this.#mayGoOn = () => {};
    goOn();
  }

  /** @returns the key of the next worker that reports this, after the texts before this kill are done */
  #hear(wanted: "came" | "answered"): Promise<string> {
    const { api } = this.#field;
    const share = (records * this.#kills) / (kills + 2);
    return new Promise((resolve) => {
      api.onEvent = (event, key) => {
        const isHired = this.#team.some((worker) => worker.key === key);
        if (isHired && event === wanted && api.paid.size >= share) resolve(key);
      };
    });
  }

  async #trouble(): Promise<void> {
    const { redis, postgres } = this.#field;
    const status = spells.get(this.#kills);
    if (status) this.#spell = { status, left: spellRequests };
    for (const service of this.#kills === redisAt ? [redis] : this.#kills === postgresAt ? [postgres] : []) {
      await service.stop();
      await service.start();
    }
  }

  /** Starts one more worker, which ends when nothing is left. Then the other workers are stopped, and must end without an error. */
  async #finish(): Promise<void> {
    const last = this.#field.startWorker("chaos", ["--until-empty", "--lock-seconds", "10"]);
    const { code, stderr } = await last.running.ended;
    expectEqual(`the exit code of the last worker (${stderr.trim()})`, code, 0);
    for (const { running } of this.#team) running.child.kill("SIGTERM");
    for (const { running } of this.#team) {
      const { code, stderr } = await running.ended;
      expectEqual(`the exit code of a worker told to stop (${stderr.trim()})`, code, 0);
    }
  }
}

/** @returns texts that were paid for more than once */
async function checkRows(field: Field, texts: string[]): Promise<number> {
  const { extra } = field.api.totals;
  expectThat(
    `at most 2 % and what was in flight at the kills paid for again, got ${extra}`,
    extra <= 0.02 * records + kills * concurrency * batchSize,
  );
  const rows = await readRows(field, "chaos");
  expectEqual("texts in the index", [...rows.keys()].toSorted(), texts.toSorted());
  const verified = JSON.parse(await field.command(["verify", ...field.flags("chaos")]));
  expectEqual("what verify says", verified, {
    ...{ model, answeredBy: model, chunks: records, pending: 0, refused: 0, faults: [] },
  });
  return extra;
}

/** One process writes the same records into another schema. Ids, metadata and vectors must be the same. */
async function checkReference(field: Field, file: string): Promise<void> {
  await field.reference(file, "reference");
  const [chaotic, plain] = [await readRows(field, "chaos"), await readRows(field, "reference")];
  expectEqual("rows, beside those of a run without trouble", chaotic, plain);
}
