/** The pages of `docs` and the generated API reference -> a site in `.vitepress/dist`, with every link checked. */
import { defineConfig, type MarkdownRenderer } from "vitepress";
import { sidebar, unwritten } from "./navigation.ts";

export default defineConfig({
  title: "together-retrieval",
  description: "Together AI's embeddings and rerankers for LangChain.js and LlamaIndexTS",
  lang: "en",
  // No icon, and no request for one.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcExclude: unwritten.map((folder) => `${folder}/**`),
  rewrites: { ":folder/README.md": ":folder/index.md" },
  markdown: { config: linkPackages },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: "local" },
  },
});

/** A link to a package's folder, right in a clone, leads to the package on npm. */
function linkPackages(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("packages", ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const [, name] = /^\.\.\/packages\/(\w+)\/?$/.exec(token.attrGet("href") ?? "") ?? [];
      if (name) token.attrSet("href", `https://www.npmjs.com/package/@together-retrieval/${name}`);
    }
  });
}
