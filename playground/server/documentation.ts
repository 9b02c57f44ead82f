/** files -> the passages to embed, and questions to begin with */
import { BadInput } from "../../examples/demo/bad-input.ts";
import { headingsOf, questionsOnInstalled } from "../../examples/demo/questions.ts";
import { fileOf, firstFiles, type Passage, splitFiles } from "../../examples/demo/split.ts";
import type { TextFile } from "../../examples/demo/text-file.ts";
import type { Settings } from "../wire.ts";

export interface Documentation {
  passages: Passage[];
  counts: Settings["documentation"];
  examples: string[];
}

/** As many as the demo embeds; of the user's own files nothing is left out. */
const installedPassages = 750;

/** @throws BadInput for files without text */
export async function readDocumentation(files: TextFile[], isOwn: boolean): Promise<Documentation> {
  const all = await splitFiles(files);
  const passages = isOwn ? all : firstFiles(all, installedPassages);
  const counts = {
    files: new Set(passages.map(fileOf)).size,
    passages: passages.length,
    leftOut: all.length - passages.length,
  };
  return { passages, counts, examples: isOwn ? topicsOf(files) : questionsOnInstalled };
}

/** None for files without headings: the demo needs a question, a person brings one. */
function topicsOf(files: TextFile[]): string[] {
  try {
    return headingsOf(files);
  } catch (error) {
    if (error instanceof BadInput) return [];
    throw error;
  }
}
