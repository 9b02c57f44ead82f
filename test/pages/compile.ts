/** programs, as a reader would write them into a folder -> the compiler's errors */
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The options of a new project, with `strict`. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  customConditions: ["@together-retrieval/source"],
  allowImportingTsExtensions: true,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
};

/** A program at the path where it would be. Its imports are resolved from there, and no file is written. */
export interface Program {
  file: URL;
  code: string;
}

export function compileErrors(programs: readonly Program[]): string[] {
  const sources = new Map(programs.map(({ file, code }) => [fileURLToPath(file), code]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  const program = ts.createProgram([...sources.keys()], options, host);
  const errors = [...sources.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  return errors.map((error) => {
    const words = ts.flattenDiagnosticMessageText(error.messageText, "\n");
    const { line = 0 } =
      error.start === undefined ? {} : (error.file?.getLineAndCharacterOfPosition(error.start) ?? {});
    return `${error.file?.fileName.split("/").at(-1)}, line ${line + 1}: ${words}`;
  });
}
