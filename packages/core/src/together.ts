/*! together-ai, Apache-2.0: its licence is in together-ai.LICENSE. */
/**
 * The official client for bundlers (`#together` in package.json): the build leaves out its resources, of which nothing is used
 * here. One of them asks for `parquetjs`, which is not installed, and stops Vite.
 */
export { Together } from "together-ai";
