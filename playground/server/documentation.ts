/** a folder, or none -> its passages, and questions to begin with */
import { gatherFolder } from "../../examples/demo/gather-folder.ts";
import { gatherInstalled } from "../../examples/demo/gather-installed.ts";
import { headingsOf, questionsOnInstalled } from "../../examples/demo/questions.ts";
import { fileOf, firstFiles, type Passage, splitFiles } from "../../examples/demo/split.ts";
import type { Settings } from "../wire.ts";

export interface Documentation {
  passages: Passage[];
  counts: Settings["documentation"];
  examples: string[];
}

/** As many as the demo embeds; of the user's own files nothing is left out. */
const installedPassages = 750;

/** @throws BadInput for a folder that is missing or holds no text */
export async function openDocumentation(folder: string | undefined): Promise<Documentation> {
  const files = folder === undefined ? await gatherInstalled() : await gatherFolder(folder);
  const all = await splitFiles(files);
  const passages = folder === undefined ? firstFiles(all, installedPassages) : all;
  const counts = {
    files: new Set(passages.map(fileOf)).size,
    passages: passages.length,
    leftOut: all.length - passages.length,
  };
  return { passages, counts, examples: folder === undefined ? questionsOnInstalled : headingsOf(files) };
}
