/** Plans -> addresses of a server in another process, each with its own behaviour and tally. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { built } from "./build.ts";
import { start } from "./cores.ts";
import type { Plan, Tally } from "./plan.ts";

export interface OpenedPlan {
  baseURL: string;
  tally(): Promise<Tally>;
}

export interface BenchServer {
  open(plan: Plan): Promise<OpenedPlan>;
  stop(): void;
}

export async function startServer(): Promise<BenchServer> {
  const child = start(built("server"), [], 0);
  const [{ port }] = (await once(child, "message")) as [AddressInfo];
  const root = `http://127.0.0.1:${port}`;
  return {
    async open(plan) {
      const opened = await fetch(`${root}/open`, { method: "POST", body: JSON.stringify(plan) });
      const id = await opened.json();
      return {
        baseURL: `${root}/${id}/v1`,
        tally: async () => (await fetch(`${root}/${id}/tally`)).json(),
      };
    },
    stop: () => child.kill(),
  };
}
