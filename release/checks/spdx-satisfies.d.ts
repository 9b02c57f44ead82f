/** What is used of a package that brings no types. */
declare module "spdx-satisfies" {
  /** Whether a licence expression can be met with licences of the list. @throws Error for what is no expression */
  export default function satisfies(expression: string, allowed: readonly string[]): boolean;
}
