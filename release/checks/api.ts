/** a package's built declarations -> its public API as a report, compared with the committed one, or written in its place */
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { type Manifest, root } from "../consumers/pack.ts";

export const acceptCommand = "npm run release check -- --accept-api";

export interface Entry {
  /** The committed report, from the repository's root. */
  report: string;
  /** The declarations, from the repository's root. */
  types: string;
}

/** Every door of a package: `.` is reported in `api.md`, `./reranker` in `reranker.api.md`. */
export function entriesOf(folder: string, { exports }: Manifest): Entry[] {
  return Object.entries(exports).flatMap(([subpath, door]) => {
    if (typeof door === "string" || !door.import?.types) return [];
    const name = subpath === "." ? "api.md" : `${subpath.slice(2).replaceAll("/", "-")}.api.md`;
    return { report: join("packages", folder, name), types: join("packages", folder, door.import.types) };
  });
}

/** @throws Error when the API is not what the committed report says, unless it is to be accepted */
export async function compareApi(
  folder: string,
  entry: Entry,
  scratch: string,
  accept: boolean,
): Promise<string> {
  const made = await makeReport(folder, entry, scratch);
  const committed = join(root, entry.report);
  const [now, before] = await Promise.all([
    readFile(made, "utf8"),
    readFile(committed, "utf8").catch(() => ""),
  ]);
  if (now === before) return "same";
  if (!accept) throw new Error(`${describeChange(before, now)}\nIf it is meant: ${acceptCommand}`);
  await copyFile(made, committed);
  return "accepted";
}

async function makeReport(folder: string, { report, types }: Entry, scratch: string): Promise<string> {
  const packageFolder = join(root, "packages", folder);
  const reportFolder = join(scratch, "api", report);
  await mkdir(reportFolder, { recursive: true });
  const reportFileName = "public"; // API Extractor adds `.api.md`.
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageFolder, "package.json"),
    configObject: {
      projectFolder: packageFolder,
      mainEntryPointFilePath: join(root, types),
      // As users see it: without the condition that leads to our sources, and without types that are not imported.
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            ...{ module: "nodenext", moduleResolution: "nodenext", target: "es2022" },
            ...{ lib: ["es2023", "dom", "dom.iterable"], strict: true, skipLibCheck: true, types: [] },
          },
          files: [join(root, types)],
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName,
        reportFolder,
        reportTempFolder: reportFolder,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // Style rules that we do not follow, such as a release tag on every name.
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const { errorCount } = Extractor.invoke(config, { localBuild: true, messageCallback: keepQuiet });
  if (errorCount > 0) throw new Error(`Expected ${types} to compile by itself, got ${errorCount} errors`);
  return join(reportFolder, `${reportFileName}.api.md`);
}

function keepQuiet(message: {
  logLevel: ExtractorLogLevel;
  handled: boolean;
  formatMessageWithLocation(folder: string): string;
}) {
  if (message.logLevel === ExtractorLogLevel.Error) console.error(message.formatMessageWithLocation(root));
  message.handled = true;
}

function describeChange(before: string, now: string): string {
  if (before === "") return "No report of this API is committed";
  const old = new Set(before.split("\n"));
  const fresh = new Set(now.split("\n"));
  const gone = [...old].filter((line) => !fresh.has(line)).map((line) => `- ${line}`);
  const come = [...fresh].filter((line) => !old.has(line)).map((line) => `+ ${line}`);
  return ["The public API is not what its committed report says:", ...gone, ...come].join("\n");
}
