/** A mistake that the user can correct. It is shown as one line, without a stack. */
export class BadInput extends Error {
  override name = "BadInput";
}
