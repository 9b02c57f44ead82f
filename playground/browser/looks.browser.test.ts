/** The page in light and dark, wide and narrow: axe finds nothing serious, and nothing is cut off. */
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openBrowser, patience, Visitor } from "./visitor.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const asked = "?q=What+does+a+ticket+cost%3F";
const telephone = { width: 360, height: 740 };
const projector = { width: 1920, height: 1080 };

async function see(options: BrowserContextOptions, look: (visitor: Visitor) => Promise<void>) {
  const visitor = await Visitor.come(browser, inject("playground"), asked, options);
  await visitor.seeAnswer();
  await look(visitor);
  expect(visitor.complaints).toEqual([]);
  await visitor.leave();
}

/** The findings that axe calls serious or critical, and where they are. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

describe.each(["light", "dark"] as const)("in the %s", (colorScheme) => {
  it("axe finds nothing serious: results, an opened passage, the program, the help", async () => {
    await see({ colorScheme }, async ({ page }) => {
      await page.locator("[data-list='ranking'] button").first().click();
      expect(await barriers(page)).toEqual([]);
      await page.getByRole("button", { name: "Copy as code" }).click();
      await page.getByText("Copied.").waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      expect(await barriers(page)).toEqual([]);
    });
  });

  it("axe finds nothing serious on a telephone", async () => {
    await see({ colorScheme, viewport: telephone }, async ({ page }) => {
      for (const pane of ["By vector", "Reranked", "Map"]) {
        await page.getByRole("button", { name: pane }).click();
        expect(await barriers(page)).toEqual([]);
      }
    });
  });
});

describe("the theme", () => {
  it("follows the system until the switch says otherwise, and is remembered", async () => {
    await see({ colorScheme: "dark" }, async ({ page }) => {
      const dark = await background(page);
      await page.emulateMedia({ colorScheme: "light" });
      const light = await background(page);
      expect(light).not.toBe(dark);
      const theme = page.getByRole("button", { name: /^Theme/ });
      await theme.click();
      await theme.click();
      await expect.poll(() => background(page), { timeout: patience }).toBe(dark);
      await page.reload();
      await expect.poll(() => background(page), { timeout: patience }).toBe(dark);
    });
  });
});

describe("on a telephone", () => {
  it("nothing is wider than the screen, and one of the three is shown at a time", async () => {
    await see({ viewport: telephone }, async (visitor) => {
      const { page } = visitor;
      for (const [pane, shown] of Object.entries({
        "By vector": "candidates",
        Reranked: "ranking",
        Map: "map",
      })) {
        await page.getByRole("button", { name: pane }).click();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        for (const part of ["candidates", "ranking", "map"])
          expect(await page.locator(`section.${part}`).isVisible()).toBe(part === shown);
      }
    });
  });
});

describe("on a telephone, before anything was asked", () => {
  it("the example questions take one row, which is no wider than the screen", async () => {
    const visitor = await Visitor.come(browser, inject("playground"), "", { viewport: telephone });
    await visitor.seeAnswer();
    const tops = await visitor.page
      .locator(".examples button")
      .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().top));
    expect(tops).toHaveLength(3);
    expect(new Set(tops).size).toBe(1);
    expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await visitor.leave();
  });
});

describe("on a laptop", () => {
  it("all switches and “Copy as code” stand in one row, and the map's legend in one line", async () => {
    await see({ viewport: { width: 1280, height: 800 } }, async ({ page }) => {
      const bottoms = await page
        .locator(".controls .segments, .controls .field, .controls .switches, .controls .primary")
        .evaluateAll((parts) => parts.map((part) => Math.round(part.getBoundingClientRect().bottom)));
      expect(Math.max(...bottoms) - Math.min(...bottoms)).toBeLessThan(4);
      const tops = await page
        .locator(".map .entry")
        .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().top));
      expect(new Set(tops).size).toBe(1);
    });
  });
});

describe("on a projector", () => {
  it("the passages' text is larger, and both sides and the map stand beside each other", async () => {
    await see({ viewport: projector }, async ({ page }) => {
      const boxes = await page.evaluate(() =>
        ["candidates", "ranking", "map"].map((part) => {
          const { left, right } = (
            document.querySelector(`section.${part}`) as Element
          ).getBoundingClientRect();
          return { left, right };
        }),
      );
      const [near, best, map] = boxes;
      expect(near?.right).toBeLessThan(best?.left ?? 0);
      expect(best?.right).toBeLessThan(map?.left ?? 0);
      const size = await page
        .locator("[data-list='ranking'] .text")
        .first()
        .evaluate((text) => Number.parseFloat(getComputedStyle(text).fontSize));
      expect(size).toBeGreaterThanOrEqual(16);
    });
  });
});
