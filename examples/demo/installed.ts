/** the packages that the examples depend on -> their READMEs in one folder, `package/README.md` */
import { cp, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("..", import.meta.url));

/** A longer one is a manual, and would drown the others: commander's is a third of them all. */
const longest = 20_000;

/** @returns the folder */
export async function copyInstalled(folder: string): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(join(examples, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    // Nothing of this repository's own packages: they are linked, not installed.
    if (name.startsWith("@together-retrieval/")) continue;
    const installed = join(examples, "node_modules", name);
    const readme = (await readdir(installed)).find((file) => /^readme\.md$/i.test(file));
    if (!readme || (await stat(join(installed, readme))).size > longest) continue;
    const copy = join(folder, name, readme);
    await mkdir(dirname(copy), { recursive: true });
    await cp(join(installed, readme), copy);
  }
  return folder;
}
