/** What an editor suggests for an option's value, as TypeScript's language service tells it: known ids, in all three packages. */
import { fileURLToPath } from "node:url";
import { profiles, rerankerProfiles } from "@together-retrieval/core";
import ts from "typescript";
import { expect, it } from "vitest";

const program = `
import { TogetherClient } from "@together-retrieval/core";
import * as langchain from "@together-retrieval/langchain";
import * as llamaindex from "@together-retrieval/llamaindex";
new TogetherClient().embed([], { model: "" });
new TogetherClient().embed([], { model: "any", profile: "" });
new TogetherClient().rerank("", [], { model: "" });
new langchain.TogetherEmbeddings({ model: "" });
new langchain.TogetherEmbeddings({ model: "any", profile: "" });
new langchain.TogetherReranker({ model: "" });
new llamaindex.TogetherEmbeddings({ model: "" });
new llamaindex.TogetherEmbeddings({ model: "any", profile: "" });
new llamaindex.TogetherReranker({ model: "" });
`;
const file = fileURLToPath(new URL("typed-in-an-editor.ts", import.meta.url));
const config = fileURLToPath(new URL("../../tsconfig.json", import.meta.url));

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(config, ts.sys.readFile).config,
  ts.sys,
  fileURLToPath(new URL("../..", import.meta.url)),
);
const editor = ts.createLanguageService({
  ...{ getCompilationSettings: () => options, getScriptFileNames: () => [file], getScriptVersion: () => "1" },
  getScriptSnapshot: (name) => {
    const text = name === file ? program : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => fileURLToPath(new URL(".", import.meta.url)),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  ...{ fileExists: (name) => name === file || ts.sys.fileExists(name), readFile: ts.sys.readFile },
  ...{ directoryExists: ts.sys.directoryExists, getDirectories: ts.sys.getDirectories },
});

it("`model` and `profile` complete the ids of known models, and take any other", { timeout: 120_000 }, () => {
  expect(editor.getSemanticDiagnostics(file).map(({ messageText }) => messageText)).toEqual([]);
  const places = [...program.matchAll(/(?:model|profile): "(?=")/g)];
  const offered = places.map(({ index, 0: { length } }) =>
    editor.getCompletionsAtPosition(file, index + length, {})?.entries.map(({ name }) => name),
  );
  const [embedders, rerankers] = [Object.keys(profiles), Object.keys(rerankerProfiles)];
  const wanted = [embedders, embedders, rerankers];
  expect(offered).toEqual([...wanted, ...wanted, ...wanted].map((ids) => expect.arrayContaining(ids)));
});
