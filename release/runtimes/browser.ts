/** a page's script -> run in headless Chromium, on an origin that is not the server's */
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { aptInstall } from "../../test/apt.ts";
import type { Tools } from "./tools.ts";

/** What is used of playwright-core. */
interface Playwright {
  chromium: { launch(options: object): Promise<Browser> };
}
interface Browser {
  newPage(): Promise<{
    goto(url: string): Promise<unknown>;
    addScriptTag(script: { content: string }): Promise<unknown>;
    evaluate(expression: string): Promise<unknown>;
  }>;
  close(): Promise<void>;
}

export async function runInPage(
  tools: Tools,
  content: string,
  baseURL: string,
  executablePath: string,
): Promise<void> {
  const site = createServer((_, answer) =>
    answer.setHeader("content-type", "text/html").end("<!doctype html>"),
  );
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  // Chromium's sandbox does not work as root, as in most containers; the page holds nothing but our bundle.
  const options = { executablePath, args: ["--no-sandbox"] };
  const browser = await tools.load<Playwright>("playwright-core").chromium.launch(options);
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    await page.addScriptTag({ content });
    await page.evaluate(`check(${JSON.stringify(baseURL)})`);
  } finally {
    await browser.close();
    site.close();
  }
}

const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** @returns the file of a Chromium on the PATH; where there is none, Debian's is installed. @throws where that fails */
export async function findChromium(): Promise<string> {
  const found = find();
  if (found) return found;
  // The shell starts in a third of the time. Not every release has it.
  const isInstalled = aptInstall("chromium-headless-shell") || aptInstall("chromium");
  const file = isInstalled ? find() : undefined;
  if (!file) throw new Error(`No Chromium: none of ${names.join(", ")} is on the PATH`);
  return file;
}

function find(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}
