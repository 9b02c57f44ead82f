/** Everything can be done with the keyboard alone. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { openBrowser, patience, Visitor } from "./visitor.ts";

let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  visitor = await Visitor.come(browser, inject("playground"));
  return () => visitor.leave();
});

const press = (key: string) => visitor.page.keyboard.press(key);
/** The list and the source of the passage that has the focus. */
const focused = () =>
  visitor.page.evaluate(() => {
    const row = document.activeElement?.closest("li[data-id]");
    return { list: row?.closest<HTMLElement>("[data-list]")?.dataset.list, id: row?.getAttribute("data-id") };
  });

describe("the keyboard alone", () => {
  it("asks at once, walks the candidates, crosses to the other side, reads, and comes back", async () => {
    await visitor.page.keyboard.type("What does a ticket cost?");
    await visitor.seeAnswer();
    await press("ArrowDown");
    const first = await focused();
    expect(first.list).toBe("candidates");
    await press("ArrowDown");
    expect((await focused()).id).not.toBe(first.id);
    await press("ArrowUp");
    await press("ArrowRight");
    expect(await focused()).toEqual({ list: "ranking", id: first.id });
    await press("Enter");
    const row = visitor.page.locator(`[data-list="ranking"] [data-id="${first.id}"] > button`);
    expect(await row.getAttribute("aria-expanded")).toBe("true");
    expect(await row.textContent()).toContain("A season ticket costs ninety euros");
    await press("ArrowLeft");
    expect(await focused()).toEqual({ list: "candidates", id: first.id });
    await press("Escape");
    expect(await visitor.question.evaluate((input) => input === document.activeElement)).toBe(true);
  });

  it("crosses from the candidates by vector to the reranked, and on to those by words", async () => {
    await visitor.page.getByRole("checkbox", { name: "Hybrid" }).check();
    await visitor.page.getByRole("region", { name: "By words" }).waitFor();
    await visitor.seeAnswer();
    await visitor.question.focus();
    await press("ArrowDown");
    await press("ArrowRight");
    expect((await focused()).list).toBe("ranking");
    await press("ArrowRight");
    expect((await focused()).list).toBe("words");
    await press("ArrowLeft");
    expect((await focused()).list).toBe("ranking");
  });

  it("passes each list with one Tab", async () => {
    await visitor.page.keyboard.type("What does a ticket cost?");
    await visitor.seeAnswer();
    await press("ArrowDown");
    await press("ArrowDown");
    await press("Tab");
    expect((await focused()).list).toBe("ranking");
    await press("Tab");
    expect((await focused()).list).toBeUndefined();
  });

  it("turns the switches with single keys, outside of the question, unless they are switched off", async () => {
    const llamaIndex = visitor.page.getByRole("radio", { name: "LlamaIndex" });
    await visitor.page.keyboard.type("fcp?");
    expect(await visitor.question.inputValue()).toBe("fcp?");
    await press("Escape");
    expect(await visitor.question.inputValue()).toBe("fcp?");
    await press("f");
    await expect.poll(() => llamaIndex.isChecked(), { timeout: patience }).toBe(true);
    await press("h");
    const hybrid = visitor.page.getByRole("checkbox", { name: "Hybrid" });
    await expect.poll(() => hybrid.isChecked(), { timeout: patience }).toBe(true);
    await press("/");
    expect(await visitor.question.evaluate((input) => input === document.activeElement)).toBe(true);
    await press("Tab");
    await press("?");
    const help = visitor.page.getByRole("dialog", { name: "Keyboard" });
    await help.getByRole("checkbox", { name: "Single-key shortcuts" }).uncheck();
    await press("Escape");
    await help.waitFor({ state: "detached" });
    await press("f");
    expect(await llamaIndex.isChecked()).toBe(true);
  });

  it("opens the program and closes it", async () => {
    await visitor.page.keyboard.type("What does a ticket cost?");
    await visitor.seeAnswer();
    await press("ArrowDown");
    await press("c");
    const dialog = visitor.page.getByRole("dialog", { name: "This search as a program" });
    await dialog.getByText("Copied.").waitFor();
    await press("Escape");
    await dialog.waitFor({ state: "detached" });
  });
});
