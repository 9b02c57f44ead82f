declare module "stopword" {
  /** Common English words without a meaning of their own. */
  export const eng: string[];
}
