/** The site as a whole: every page is in its navigation, every link leads somewhere. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { pages, sidebar } from "../../docs/.vitepress/navigation.ts";
import { readTable } from "./table.ts";

const docs = new URL("../../docs/", import.meta.url);
const files = (await readdir(docs)).filter((name) => name.endsWith(".md"));

test("every page stands in the navigation, by its own title", () => {
  const named = Object.values(pages).flat();
  expect(
    files.filter((name) => name !== "index.md").filter((name) => !named.includes(name.slice(0, -3))),
  ).toEqual([]);
  const links = sidebar().flatMap(({ items }) => items);
  expect(links).toContainEqual({ text: "Limits, retries, errors", link: "/limits" });
});

describe.each([...files, "benchmarks/README.md"])("the links of %s", (name) => {
  const page = new URL(name, docs);

  test("lead to files, and to headings that are there", async () => {
    const markdown = await readFile(page, "utf8");
    const links = [...markdown.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = ""]) => link);
    const broken = await Promise.all(links.map(async (link) => ((await leads(link, page)) ? [] : [link])));
    expect(broken.flat().filter((link) => !isUnmeasured(link, page))).toEqual([]);
  });
});

async function leads(link: string, from: URL): Promise<boolean> {
  const target = new URL(link, from);
  if (!existsSync(new URL(target.pathname, docs))) return false;
  if (!target.hash) return true;
  const headings = [...(await readFile(target, "utf8")).matchAll(/^#+ (.+)$/gm)];
  return headings.some(([, heading = ""]) => `#${slugOf(heading)}` === target.hash);
}

/** The anchor of a heading, as both VitePress and GitHub make it from plain words. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}

/** `npm run bench` writes the pages that its folder's README names; until then the folder is no part of the site. */
function isUnmeasured(link: string, page: URL): boolean {
  return (
    page.pathname.endsWith("benchmarks/README.md") &&
    /^\w+\.md$/.test(link) &&
    !existsSync(new URL("cpu.md", page))
  );
}

test("the faults are told alike on the page and in the local server's README", async () => {
  const onPage = await readTable(new URL("testing.md", docs), "## A server that misbehaves");
  const inReadme = await readTable(new URL("../packages/local/README.md", docs), "## Misbehaviour");
  expect(onPage).toEqual(inReadme);
});

test("the way of the data names files that the core has", async () => {
  const rows = await readTable(new URL("how-it-works.md", docs), "# How it works");
  const named = rows.map(([, file = ""]) => file.replaceAll("`", ""));
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((file) => !existsSync(new URL(`../packages/core/src/${file}`, docs)))).toEqual([]);
});

describe.each(await readdir(new URL("../packages/", docs)))("the README of %s", (name) => {
  const folder = new URL(`../packages/${name}/`, docs);

  test("stands alone on npm: it has no link into the repository, and a licence beside it", async () => {
    const markdown = await readFile(new URL("README.md", folder), "utf8");
    expect([...markdown.matchAll(/\]\((?!https:|#)[^)]*\)/g)].map(([link]) => link)).toEqual([]);
    expect(existsSync(new URL("LICENSE", folder))).toBe(true);
  });

  test("says how to install it, what may be called, and that nothing was tried on the live service", async () => {
    const markdown = await readFile(new URL("README.md", folder), "utf8");
    expect(markdown).toMatch(/npm install|npx /);
    if (/^(core|langchain|llamaindex)$/.test(name)) expect(markdown).toContain("live service");
    expect(markdown).toMatch(/^MIT/m);
  });
});
