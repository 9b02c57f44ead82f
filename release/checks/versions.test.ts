/** The pending changesets, applied to a copy of the manifests: one version for all, and a changelog line for each. */
import { cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute } from "../consumers/execute.ts";
import { readPackages, root } from "../consumers/pack.ts";

let copy: string;
let folders: string[];
beforeAll(async () => {
  folders = Object.keys(await readPackages());
  copy = await mkdtemp(join(tmpdir(), "together-retrieval-versions-"));
  const workspaces = (await readdir(join(root, "packages"))).map((name) => `packages/${name}`);
  const manifests = ["", ...workspaces, "test/server"].map((folder) => join(folder, "package.json"));
  for (const path of [".changeset", "pnpm-workspace.yaml", ...manifests])
    await cp(join(root, path), join(copy, path), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  await execute("git", ["init", "--quiet"], { cwd: copy });
  await execute(process.execPath, ["node_modules/@changesets/cli/bin.js", "version"], { cwd: copy });
}, 60_000);
afterAll(() => rm(copy, { recursive: true }));

async function readJSON(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, "utf8"));
}

describe("the next release", () => {
  test("gives all public packages one version", async () => {
    const versions = folders.map(async (folder) => {
      const { version } = await readJSON(join(copy, "packages", folder, "package.json"));
      return [folder, version];
    });
    const found = await Promise.all(versions);
    expect(found).toEqual(folders.map((folder) => [folder, found[0]?.[1]]));
  });

  test("keeps every public package in the one group of `fixed`", async () => {
    const { fixed } = await readJSON(join(root, ".changeset", "config.json"));
    const names = Object.values(await readPackages()).map(({ name }) => name);
    expect(fixed).toEqual([expect.arrayContaining(names)]);
  });

  test("tells in every public package's changelog what it brings, beside news of its dependencies", async () => {
    const silent = [];
    for (const folder of folders) {
      const changelog = await readFile(join(copy, "packages", folder, "CHANGELOG.md"), "utf8").catch(
        () => "",
      );
      const lines = changelog.split("\n").filter((line) => line.startsWith("- "));
      if (lines.every((line) => line.startsWith("- Updated dependencies"))) silent.push(folder);
    }
    expect(silent).toEqual([]);
  });
});
