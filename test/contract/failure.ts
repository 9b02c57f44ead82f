/** Work that should fail -> what it was rejected with. */
import { expect } from "vitest";

export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable("it should have failed"),
    (reason: unknown) => reason,
  );
}
