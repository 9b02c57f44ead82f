/** what the page sent -> a search request, or a refusal that names the member */
import { z } from "zod";
import { limits, type SearchRequest } from "../wire.ts";

/** A refusal. The page shows its message as it is, and `status` is the status of the answer. */
export class Refused extends Error {
  readonly status: 400 | 404 | 409;
  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

const filled = z.string().refine((text) => text.trim() !== "", "Expected a text that is not blank");
const whole = ({ min, max }: { min: number; max: number }) => z.number().int().min(min).max(max);

const schema = z.strictObject({
  question: filled,
  framework: z.enum(["langchain", "llamaindex"]),
  embeddingModel: filled,
  rerankModel: filled,
  prompt: z.boolean(),
  hybrid: z.boolean(),
  candidates: whole(limits.candidates),
  topN: whole(limits.topN),
});

/** @throws Refused naming the member and what was expected of it */
export function readRequest(body: unknown): SearchRequest {
  const { data, error } = schema.safeParse(body);
  if (data) return data;
  const [issue] = error.issues;
  const where = issue?.path.length ? `\`${issue.path.join(".")}\`: ` : "";
  throw new Refused(400, `${where}${issue?.message}`);
}
