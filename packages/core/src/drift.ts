/** The model that an answer names -> nothing, or an error if another model answered before. */
import { requestIdOf } from "./api-error.ts";
import { isRecord } from "./check.ts";
import { TogetherResponseError } from "./errors.ts";
import type { Learned } from "./learned.ts";
import { redactName } from "./redact.ts";
import type { ApiAnswer } from "./transport.ts";

/**
 * Vectors of two models must not be in one index, but a service may redirect the name of a retired model to its successor.
 * Many servers use their own name for a model from the start, so only a change is refused; an answer without a name is not.
 * @throws TogetherResponseError naming both
 */
export function refuseDrift({ body, headers, sent }: ApiAnswer, learned: Learned): void {
  const told = isRecord(body) ? body.model : undefined;
  if (typeof told !== "string" || told.trim() === "") return;
  // A text may contain the model's name: names are compared before texts are hidden.
  const now = redactName(told, { ...sent.secrets, texts: [] });
  learned.answeredBy ??= now;
  if (learned.answeredBy === now) return;
  const requestId = requestIdOf(headers);
  const shown = (name: string) => redactName(name, sent.secrets);
  throw new TogetherResponseError(
    `The API answered with vectors of the model ${shown(now)}, where ${shown(learned.answeredBy)} answered for the same \`model\` before. Vectors of two models must not stand in one index: none of them were used. Embed everything anew with a new client, or set \`modelDrift\` to "ignore" if both are the same model.`,
    requestId === null ? undefined : shown(requestId),
  );
}
