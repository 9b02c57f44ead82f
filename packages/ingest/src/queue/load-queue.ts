/** BullMQ and ioredis, optional peers -> the modules that need them, or an error that says what to install */
import { IngestError } from "../ingest-error.ts";

export async function loadQueue(): Promise<typeof import("./queue.ts")> {
  return orInstall(import("./queue.ts"));
}

export async function loadWorker(): Promise<typeof import("./worker.ts")> {
  return orInstall(import("./worker.ts"));
}

/** @throws IngestError where a package is missing */
export async function orInstall<Module>(module: Promise<Module>): Promise<Module> {
  try {
    return await module;
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? "") || !/bullmq|ioredis/.test(message ?? "")) throw error;
    const what = "A queue needs BullMQ and ioredis, which are not installed: npm install bullmq ioredis";
    throw new IngestError("usage", what, { cause: error });
  }
}
