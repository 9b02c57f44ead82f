/** `npm run release check`: what would be published, packed into `dist/release`, looked through, listed, installed and used */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "commander";
import { Matrix } from "../consumers/matrix.ts";
import { build, type Manifest, pack, readPackages, type Tarballs } from "../consumers/pack.ts";
import { tryAsConsumers } from "../consumers/tryout.ts";
import { compareApi, entriesOf } from "./api.ts";
import { audit } from "./audit.ts";
import { checkNames, checkPaths, checkSecrets, type Files, unpack } from "./contents.ts";
import { checkOrigin, outputFolder } from "./publish.ts";
import { checkLicenses, lockDependencies, makeSbom } from "./sbom.ts";

program
  .option("--accept-api", "write the public API's reports anew, and do nothing else")
  .option("--no-consumers", "leave out the projects of `npm run release consumers`");
const { acceptApi, consumers } = program.parse().opts<{ acceptApi?: true; consumers: boolean }>();

async function checkApi(matrix: Matrix, packages: Record<string, Manifest>, scratch: string): Promise<void> {
  for (const [folder, manifest] of Object.entries(packages))
    for (const entry of entriesOf(folder, manifest))
      await matrix.run(manifest.name, entry.report.slice(entry.report.lastIndexOf("/") + 1), () =>
        compareApi(folder, entry, scratch, acceptApi ?? false),
      );
}

async function checkContents(
  matrix: Matrix,
  tarballs: Tarballs,
  scratch: string,
): Promise<Map<string, Files>> {
  const contents = new Map<string, Files>();
  for (const [name, tarball] of Object.entries(tarballs)) {
    const folder = join(scratch, name);
    await mkdir(folder, { recursive: true });
    const files = await unpack(tarball, folder);
    contents.set(name, files);
    await matrix.run(name, "files", async () => checkNames(files));
    await matrix.run(name, "no paths", async () => checkPaths(files));
    await matrix.run(name, "no secrets", () => checkSecrets(files));
  }
  return contents;
}

async function checkSupply(
  matrix: Matrix,
  tarballs: Tarballs,
  version: string,
  contents: Map<string, Files>,
  scratch: string,
): Promise<void> {
  const locked = await matrix.run("all", "npm lockfile", async () => ({
    project: await lockDependencies(tarballs, scratch),
  }));
  if (!locked) return;
  const { project } = locked;
  const sbom = await matrix.run("all", "SBOM", () => makeSbom(project, tarballs, version, contents));
  if (sbom) {
    await writeFile(join(outputFolder, "sbom.cdx.json"), `${JSON.stringify(sbom, null, 2)}\n`);
    await matrix.run("all", "licences", async () => checkLicenses(sbom));
  }
  await matrix.run("all", "npm audit", () => audit(project));
}

const scratch = await mkdtemp(join(tmpdir(), "together-retrieval-release-"));
const published = new Matrix("to be published");
const supply = new Matrix("with its dependencies");
try {
  const packages = await readPackages();
  if (acceptApi) {
    await build();
    await checkApi(published, packages, scratch);
  } else {
    await rm(outputFolder, { recursive: true, force: true });
    await mkdir(outputFolder, { recursive: true });
    const tarballs = await pack(outputFolder);
    const contents = await checkContents(published, tarballs, scratch);
    for (const manifest of Object.values(packages))
      await published.run(manifest.name, "origin", async () => checkOrigin(manifest));
    await checkApi(published, packages, scratch);
    // All have one version.
    const [{ version = "" } = {}] = Object.values(packages);
    await checkSupply(supply, tarballs, version, contents, scratch);
    if (consumers) await tryAsConsumers(tarballs);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
  published.report();
  if (!acceptApi) supply.report();
}
