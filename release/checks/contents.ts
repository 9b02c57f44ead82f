/** A tarball -> its files, checked: what must be in it, what must not, no paths of this machine, no secrets. */
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { execute } from "../consumers/execute.ts";
import { root } from "../consumers/pack.ts";

/** Path inside the package -> its bytes. */
export type Files = ReadonlyMap<string, Buffer>;

export async function unpack(tarball: string, folder: string): Promise<Files> {
  await execute("tar", ["-xzf", tarball, "-C", folder], { cwd: root });
  const packageFolder = join(folder, "package");
  const entries = await readdir(packageFolder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string): Promise<[string, Buffer]> => [
    relative(packageFolder, path),
    await readFile(path),
  ];
  return new Map(await Promise.all(paths.map(read)));
}

/** Files that npm and readers look for. */
const wanted = ["package.json", "README.md", "LICENSE"];
/** Sources, tests, benchmarks, settings and hidden files must not be published. */
const unwanted =
  /(^|\/)(\.|src\/|tests?\/|bench\/|scripts\/|node_modules\/)|\.(test|test-d|spec|sim)\.|\.map$|config\.ts$/;

export function checkNames(files: Files): string {
  const missing = wanted.filter((name) => !files.has(name));
  if (missing.length > 0) throw new Error(`Expected ${missing.join(", ")} in the tarball`);
  const extra = [...files.keys()].filter((name) => unwanted.test(name));
  if (extra.length > 0)
    throw new Error(`Expected to ship no sources, tests or settings, got ${extra.join(", ")}`);
  return `${files.size} files`;
}

/** The folder of this build, and home folders on Linux, macOS and Windows. */
const places = [root, `${homedir()}/`, "/home/", "/Users/", "C:\\Users", "file:///"];

export function checkPaths(files: Files): void {
  const found = [...files].flatMap(([name, bytes]) =>
    places.filter((place) => bytes.includes(place)).map((place) => `${name} has ${place} in it`),
  );
  if (found.length > 0) throw new Error(`Expected no path of a machine: ${found.join(", ")}`);
}

const rules = [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator }];

/** Known shapes of keys and tokens, Together's own, and the values of this environment's secrets. No value is shown. */
export async function checkSecrets(files: Files, environment = process.env): Promise<void> {
  const own = Object.entries(environment).filter(
    ([name, value]) => /key|token|secret|password/i.test(name) && (value?.length ?? 0) >= 12,
  );
  const found: string[] = [];
  for (const [name, bytes] of files) {
    for (const [variable, value] of own)
      if (bytes.includes(value ?? "")) found.push(`${name} has the value of ${variable} in it`);
    // A file with a zero byte is not text but weights.
    if (bytes.includes(0)) continue;
    const content = bytes.toString("utf8");
    if (/\btgp_v1_[\w-]{20}/.test(content)) found.push(`${name} has a Together API key in it`);
    const source = { filePath: name, content, contentType: "text" } as const;
    const { messages } = await lintSource({ source, options: { config: { rules } } });
    found.push(...messages.map(({ messageId, loc }) => `${name}:${loc.start.line} has ${messageId} in it`));
  }
  if (found.length > 0) throw new Error(`Expected no secrets: ${found.join(", ")}`);
}
