/*! together-ai, Apache-2.0: its licence is in together-ai.LICENSE. */
/**
 * The official client for bundlers (`#together` in package.json). The build leaves out its resources, which are not used here:
 * one of them imports `parquetjs`, which is not installed, so Vite would fail.
 */
export { Together } from "together-ai";
