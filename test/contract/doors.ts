/** One shape for every way in: the core, LangChain, LlamaIndex. What holds for all is written once and run through each. */
import type { Door } from "./door.ts";

export type { Door, OpenDoor, Settings } from "./door.ts";

/** `DOORS=core` leaves the others and their hosts out: `npm run mutation` of the core alone takes a third of the time then. */
const names = (process.env.DOORS ?? "core,langchain,llamaindex").split(",");

export const doors: Door[] = await Promise.all(
  names.map(async (name) => (await import(`./door-${name}.ts`)).door),
);
