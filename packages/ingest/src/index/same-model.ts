/** The name of the model that an index keeps, and that of an answer -> nothing, or an error when they differ. */
import { IngestError } from "../ingest-error.ts";

/** Accepts an answer without a name. @throws IngestError naming both models */
export function expectSameModel(kept: string | null | undefined, answeredBy: string | undefined): void {
  if (!kept || answeredBy === undefined || kept === answeredBy) return;
  throw new IngestError(
    "index",
    `The server answers with the model ${answeredBy}, and the vectors of this index are of ${kept}: they cannot be compared. ` +
      "Name another --to or --schema; if both are the same model under another name, run add with --same-model",
  );
}
