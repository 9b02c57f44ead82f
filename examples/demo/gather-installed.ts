/** the installed dependencies -> the Markdown that they ship, nearest dependencies first */
import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTextFile, type TextFile } from "./text-file.ts";

const examples = fileURLToPath(new URL("..", import.meta.url));

/** Lists of changes and licences would drown the documentation: LangChain's are larger than its guides. */
const isLeftOut = /(?:^|\/)(?:node_modules\/|changelog|changes|history|release-notes|licen[cs]e)/i;

/** Its README is generated from the same template as that of together-ai, and answers the same questions otherwise. */
const twins = ["langsmith"];

/** What the examples depend on, then what that depends on. */
export async function gatherInstalled(): Promise<TextFile[]> {
  const direct = await dependenciesOf(examples);
  const indirect = await Promise.all([...direct.values()].map(dependenciesOf));
  const folders = new Map(direct);
  for (const [name, folder] of indirect.flatMap((more) => [...more])) {
    if (!folders.has(name) && !twins.includes(name)) folders.set(name, folder);
  }
  const files = await Promise.all([...folders].map(([name, folder]) => markdownOf(name, folder)));
  return files.flat();
}

/** Names and folders of the packages that a package.json asks for, found as Node finds them. */
async function dependenciesOf(folder: string): Promise<Map<string, string>> {
  const manifest = join(folder, "package.json");
  const { dependencies = {} } = JSON.parse(await readFile(manifest, "utf8"));
  const found = new Map<string, string>();
  for (const name of Object.keys(dependencies).sort()) {
    const places = (createRequire(manifest).resolve.paths(name) ?? []).map((place) => join(place, name));
    const installed = places.find((place) => existsSync(join(place, "package.json")));
    if (installed) found.set(name, await realpath(installed));
  }
  return found;
}

/** Nothing for this repository's own packages: they are linked, not installed. */
async function markdownOf(name: string, folder: string): Promise<TextFile[]> {
  if (!/[\\/]node_modules[\\/]/.test(folder)) return [];
  const paths = (await readdir(folder, { recursive: true })).map((path) => path.replaceAll("\\", "/"));
  const markdown = paths.filter((path) => /\.md$/i.test(path) && !isLeftOut.test(path)).sort();
  return Promise.all(markdown.map((path) => readTextFile(join(folder, path), `${name}/${path}`)));
}
