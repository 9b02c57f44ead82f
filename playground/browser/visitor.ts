/** a playground's address -> what a person does and sees there, in a page of headless Chromium */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "../../release/runtimes/browser.ts";

/** Chromium's sandbox does not work as root, as in most containers; the rest keeps it from calling home. */
const args = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args });
}

/** How long to wait for something on a busy machine, in milliseconds. A test goes on as soon as it has happened. */
export const patience = 60_000;

export class Visitor {
  readonly page: Page;
  /** Errors in the page, and requests to any address but the playground's. */
  readonly complaints: string[] = [];

  private constructor(page: Page, url: string) {
    this.page = page;
    page.setDefaultTimeout(patience);
    page.on("pageerror", ({ message }) => this.complaints.push(message));
    page.on("request", (request) => {
      if (!request.url().startsWith(url)) this.complaints.push(`It asked for ${request.url()}`);
    });
  }

  /** @param search the query of the address, such as `?q=…` */
  static async come(browser: Browser, url: string, search = "", options: BrowserContextOptions = {}) {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ["clipboard-read", "clipboard-write"],
      ...options,
    });
    const visitor = new Visitor(await context.newPage(), url);
    await visitor.page.goto(url + search);
    // The page has loaded before the field for the question appears.
    await visitor.page.locator("#question:focus").waitFor();
    return visitor;
  }

  get question() {
    return this.page.getByRole("searchbox", { name: "Question" });
  }

  list(name: "candidates" | "ranking" | "words") {
    return this.page.locator(`[data-list="${name}"] > li`);
  }

  /** Types as a person does, and waits until both lists show the answer to this question. */
  async ask(question: string): Promise<void> {
    await this.question.fill("");
    await this.question.pressSequentially(question);
    await this.seeAnswer();
  }

  /** Waits until the last question is answered. */
  async seeAnswer(): Promise<void> {
    await this.page.locator('.stage[aria-busy="false"] [data-list="ranking"] > li').first().waitFor();
  }

  /** Sources and scores of a list, from the top. */
  async read(name: "candidates" | "ranking" | "words"): Promise<{ source: string; score: string }[]> {
    return this.list(name).evaluateAll((rows) =>
      rows.map((row) => ({
        source: row.querySelector(".source")?.textContent ?? "",
        score: row.querySelector(".score")?.textContent ?? "",
      })),
    );
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
