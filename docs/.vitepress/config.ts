/** The pages of `docs` and the generated API reference -> a site in `.vitepress/dist`, with every link checked. */
import { existsSync } from "node:fs";
import { defineConfig, type MarkdownRenderer } from "vitepress";
import { home } from "./home.ts";
import { sidebar, unwritten } from "./navigation.ts";

type Token = ReturnType<MarkdownRenderer["parse"]>[number];

export default defineConfig({
  title: "together-retrieval",
  description: "Together AI's embeddings and rerankers for LangChain.js and LlamaIndexTS",
  lang: "en",
  // No icon, and no request for one.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcExclude: unwritten.map((folder) => `${folder}/**`),
  rewrites: { ":folder/README.md": ":folder/index.md" },
  transformPageData(page) {
    if (page.relativePath === "index.md") Object.assign(page.frontmatter, home);
  },
  markdown: { config: translateLinks },
  themeConfig: {
    nav: [
      { text: "Start", link: "/start" },
      { text: "Which server", link: "/models" },
      { text: "Good answers", link: "/good-answers" },
      { text: "Production", link: "/production" },
      { text: "Testing", link: "/testing" },
      { text: "Reference", link: "/api/" },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: "local" },
  },
});

/** Links that are right in a clone of the repository, and would lead nowhere on the site. */
function translateLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("repository", ({ tokens }) => {
    for (const { children } of tokens) {
      for (const [at, token] of (children ?? []).entries()) {
        const href = token.type === "link_open" ? (token.attrGet("href") ?? "") : "";
        const [, name] = /^\.\.\/packages\/(\w+)\/?$/.exec(href) ?? [];
        if (name) token.attrSet("href", `https://www.npmjs.com/package/@together-retrieval/${name}`);
        else if (href.startsWith("../")) unlink(children ?? [], at, href.slice("../".length));
        else if (/(^|\/)README\.md$/.test(href))
          token.attrSet("href", href.replace(/README\.md$/, "") || "./"); // see `rewrites`
        else if (isFolder(href)) token.attrSet("href", `${href.replace(/\/$/, "")}/`);
      }
    }
  });
}

/** A file of the repository is no page: its words stay, and its path shows where a pointer rests on them. */
function unlink(tokens: Token[], at: number, path: string): void {
  const opens = tokens[at];
  const closes = tokens.slice(at).find(({ type }) => type === "link_close");
  if (!opens || !closes) return;
  opens.tag = closes.tag = "span";
  opens.attrs = [["title", path]];
}

function isFolder(href: string): boolean {
  return /^[\w-]+\/?$/.test(href) && existsSync(new URL(`../${href}/README.md`, import.meta.url));
}
