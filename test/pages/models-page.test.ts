/** The tables of "Which server, which model", compared with what the core knows. */
import { type ModelProfile, profiles, rerankerProfiles } from "@together-retrieval/core";
import { expect, test } from "vitest";
import { readTable } from "./table.ts";

const page = new URL("../../docs/models.md", import.meta.url);

test("every known model stands in it with its dimensions, limit and prompt", async () => {
  const rows = await readTable(page, "## What is known of each model");
  const written = rows.map(
    ([model = "", dimensions, minDimensions, maxTokens, query = "", document = ""]) => {
      const [queryPrompt, documentPrompt] = [query, document].map(readPrompt);
      return [
        model,
        {
          ...{ dimensions: Number(dimensions), maxTokens: Number(maxTokens) },
          ...(minDimensions && { minDimensions: Number(minDimensions) }),
          ...(queryPrompt && { queryPrompt }),
          ...(documentPrompt && { documentPrompt }),
        },
      ];
    },
  );
  expect(Object.fromEntries(written)).toEqual(profiles);
});

function readPrompt(cell: string): string {
  return cell.replace(/^`|`$/g, "").replaceAll("\\n", "\n").replaceAll("\\|", "|");
}

test("every known reranker stands in it", async () => {
  const rows = await readTable(page, "### Rerankers");
  const written = rows.map(([model = "", maxTokens, documents = ""]) => [
    model,
    { maxTokens: Number(maxTokens), objects: documents.includes("objects") },
  ]);
  expect(Object.fromEntries(written)).toEqual(rerankerProfiles);
});

test("every member of a profile stands in it", async () => {
  const members: Record<keyof ModelProfile, true> = {
    ...{ dimensions: true, minDimensions: true, maxTokens: true, queryPrompt: true },
    ...{ documentPrompt: true, tokenizer: true, specialTokens: true },
  };
  const rows = await readTable(page, "### What a profile does");
  expect(rows.map(([member = ""]) => member.replaceAll("`", "")).sort()).toEqual(Object.keys(members).sort());
});
