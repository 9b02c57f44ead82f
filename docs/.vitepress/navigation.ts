/** The folder of pages -> the sidebar. Titles are the pages' own first headings. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const docs = new URL("../", import.meta.url);

/** Every page that is written by hand, in the order in which a reader meets them. */
export const pages = {
  Start: ["start", "models", "good-answers"],
  Production: ["production", "limits", "observability", "scale", "threats"],
  Testing: ["testing"],
  "Moving over": ["moving-over-langchain", "moving-over-llamaindex"],
  Background: ["how-it-works"],
};

/** Folders whose pages are written by commands, around a README. */
const measured = ["benchmarks", "measured"];

/** Where no command has been run yet, there is nothing to show. */
export const unwritten = measured.filter((folder) => list(folder).length === 0);

export function sidebar() {
  const groups = Object.entries(pages).map(([text, names]) => ({
    text,
    items: names.filter(isThere).map(item),
  }));
  const figures = measured
    .filter((folder) => !unwritten.includes(folder))
    .map((folder) => ({
      ...item(`${folder}/README`),
      link: `/${folder}/`,
      collapsed: true,
      items: list(folder).map(item),
    }));
  return [
    ...groups,
    ...(figures.length > 0 ? [{ text: "Figures", items: figures }] : []),
    { text: "API reference", link: "/api/", items: list("api").map(item) },
  ];
}

function list(folder: string): string[] {
  if (!existsSync(new URL(`${folder}/`, docs))) return [];
  const files = readdirSync(new URL(`${folder}/`, docs)).filter((file) =>
    /^(?!README|index).*\.md$/.test(file),
  );
  return files.map((file) => `${folder}/${file.replace(/\.md$/, "")}`);
}

function item(page: string) {
  const [, text] = /^# (.+)$/m.exec(readFileSync(new URL(`${page}.md`, docs), "utf8")) ?? [];
  if (!text) throw new Error(`Expected docs/${page}.md to have a first heading`);
  return { text: text.replace("@together-retrieval/", ""), link: `/${page}` };
}

function isThere(page: string): boolean {
  return existsSync(new URL(`${page}.md`, docs));
}
