/** The docstrings of every package -> api/, one Markdown page a package. */
import { readdirSync } from "node:fs";
import { ReflectionKind } from "typedoc";

const packages = readdirSync(new URL("../packages/", import.meta.url));

/** @type {Partial<import("typedoc").TypeDocOptions> & Record<string, unknown>} */
export default {
  entryPoints: packages.map((name) => `../packages/${name}/src/index.ts`),
  tsconfig: "tsconfig.json",
  basePath: "../packages",
  plugin: ["typedoc-plugin-markdown", tidy],
  out: "api",
  outputFileStrategy: "modules",
  // `npx tsc` at the root has checked the types.
  skipErrorChecking: true,
  readme: ".vitepress/api-index.md",
  mergeReadme: true,
  entryFileName: "index",
  pageTitleTemplates: { index: "API reference", module: "@together-retrieval/{name}" },
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  disableSources: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  validation: { notExported: false },
  treatWarningsAsErrors: true,
};

/** "core/src" -> "core", the name of a page; members that are named by a symbol are nobody's to use. */
function tidy(app) {
  app.converter.on("resolveBegin", ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = module.name.replace("/src", "");
    }
    for (const member of project.getReflectionsByKind(ReflectionKind.Property)) {
      if (member.name.startsWith("[")) project.removeReflection(member);
    }
  });
}
