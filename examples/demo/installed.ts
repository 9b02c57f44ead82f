/** the packages that the examples depend on -> their READMEs in one folder, `package/README.md` */
import { cp, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("..", import.meta.url));

/** A longer README is a manual, and most passages would be its own: commander's alone is a third of all the text. */
const longest = 20_000;

/** @returns the folder */
export async function copyInstalled(folder: string): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(join(examples, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    // This repository's own packages are linked, not installed, and are left out.
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
