/** The README's pictures, taken when asked: `PICTURES=1 npx vitest run --project browser pictures` writes them to docs/images. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContextOptions } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, it } from "vitest";
import { startPlayground } from "../server/start-playground.ts";
import { openBrowser, Visitor } from "./visitor.ts";

const images = fileURLToPath(new URL("../../docs/images", import.meta.url));
/** This is in the page once a question is answered. */
const answered = '.stage[aria-busy="false"] [data-list="ranking"] > li';
const question = "?hybrid=on&q=How+long+does+the+client+wait+before+a+request+times+out%3F";

const pictures: [string, BrowserContextOptions][] = [
  ["playground-light", { colorScheme: "light", viewport: { width: 1920, height: 1080 } }],
  ["playground-dark", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }],
  ["playground-narrow", { colorScheme: "dark", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
];

let playground: Awaited<ReturnType<typeof startPlayground>>;
let browser: Awaited<ReturnType<typeof openBrowser>>;

/** The page has few colours, so a palette is enough. The file then has a third of the size. */
async function save(name: string, picture: Uint8Array): Promise<void> {
  await mkdir(images, { recursive: true });
  await sharp(picture)
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(join(images, `${name}.png`));
}

describe.runIf(process.env.PICTURES)("pictures for the README", () => {
  beforeAll(async () => {
    [playground, browser] = await Promise.all([startPlayground(["--port", "0"]), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.interrupt();
  });

  it("show the documentation, asked", async () => {
    for (const [name, options] of pictures) {
      const visitor = await Visitor.come(
        browser,
        playground.url,
        name === "playground-light" ? question : "",
        options,
      );
      const { page } = visitor;
      // First the documentation is embedded and the map is drawn. On a busy machine that takes a while.
      await page.locator(answered).first().waitFor({ timeout: 600_000 });
      await visitor.seeAnswer();
      await page.getByText("UMAP of the vectors").waitFor({ state: "attached", timeout: 300_000 });
      // The question is asked again, because the first answer's time includes the loading of the model.
      await visitor.question.press("Enter");
      await page.locator('.stage[aria-busy="true"]').waitFor();
      await visitor.seeAnswer();
      await page.locator("path.asked").waitFor({ state: "attached" });
      if (name === "playground-dark") await visitor.list("ranking").nth(1).hover();
      await save(name, await page.screenshot());
      await visitor.leave();
    }
  }, 1_800_000);
});
