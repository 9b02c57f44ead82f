/** The servers that a client meets, with the ideal time of a job on each, and what is aimed at. */
import { crowdCases } from "./crowd-cases.ts";
import { rateCases } from "./rate-cases.ts";
import type { Case } from "./run.ts";

export const cases: Case[] = [...rateCases, ...crowdCases];
