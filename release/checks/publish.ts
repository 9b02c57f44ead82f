/** `npm run release publish`: the tarballs that `npm run release check` looked at -> the registry, then a git tag for each; npm gets further arguments */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "../consumers/execute.ts";
import { type Manifest, readPackages, root } from "../consumers/pack.ts";

export const outputFolder = join(root, "dist", "release");

/** Provenance binds a package to the repository that its manifest names: on GitHub it must be the one that publishes. */
export function checkOrigin({ repository }: Manifest, environment = process.env): string {
  const here = environment.GITHUB_REPOSITORY;
  const named = /github\.com[/:]([^/]+\/[^/]+?)(\.git)?$/.exec(repository?.url ?? "")?.[1];
  if (here && named?.toLowerCase() !== here.toLowerCase())
    throw new Error(`Expected \`repository.url\` to name ${here}, got ${repository?.url ?? "none"}`);
  return named ?? "no repository named: needed to publish";
}

/** In the order in which they depend on each other, so that no version is ever without what it needs. */
export function inOrder(packages: Manifest[]): Manifest[] {
  const left = [...packages];
  const ordered: Manifest[] = [];
  while (left.length > 0) {
    const at = left.findIndex(({ dependencies = {} }) => !left.some(({ name }) => name in dependencies));
    if (at < 0)
      throw new Error(`Expected no circle of dependencies: ${left.map(({ name }) => name).join(", ")}`);
    ordered.push(...left.splice(at, 1));
  }
  return ordered;
}

async function isPublished({ name, version }: Manifest): Promise<boolean> {
  const args = ["view", `${name}@${version}`, "version", "--json"];
  try {
    return (await execute("npm", args, { cwd: root })).stdout.trim() !== "";
  } catch (error) {
    if (error instanceof Error && error.message.includes("E404")) return false;
    throw error;
  }
}

async function publish(): Promise<void> {
  for (const manifest of inOrder(Object.values(await readPackages()))) {
    const { name, version } = manifest;
    if (await isPublished(manifest)) {
      console.log(`${name}@${version} is published already`);
      continue;
    }
    const tarball = join(outputFolder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
    // npm itself: it exchanges the workflow's identity for the right to publish.
    await execute("npm", ["publish", tarball, "--access=public", ...process.argv.slice(2)], { cwd: root });
    console.log(`${name}@${version} is published`);
  }
  // The lines it prints tell changesets/action for which tags to make releases.
  const { stdout } = await execute(process.execPath, ["node_modules/@changesets/cli/bin.js", "tag"], {
    cwd: root,
  });
  console.log(stdout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await publish();
