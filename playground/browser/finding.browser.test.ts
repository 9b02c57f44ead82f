/** A person asks, and sees what was found and where it moved. */
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
  return async () => {
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  };
});

const price = "What does a ticket cost?";

describe("a question", () => {
  it("stands there on arrival, answered; what is typed takes its place, and without it the address is bare", async () => {
    await visitor.seeAnswer();
    expect(await visitor.question.inputValue()).toBe("Bicycles and dogs");
    expect(await visitor.list("ranking").count()).toBe(5);
    expect(new URL(visitor.page.url()).search).toBe("");
    await visitor.page.keyboard.type("dogs");
    expect(await visitor.question.inputValue()).toBe("dogs");
  });

  it("is answered while it is typed: candidates, the reranked, lines between them, words that match", async () => {
    await visitor.ask(price);
    const near = await visitor.read("candidates");
    const best = await visitor.read("ranking");
    expect(near.length).toBeGreaterThan(best.length);
    expect(best).toHaveLength(5);
    expect(best[0]?.source).toMatch(/^ferry\.md:/);
    expect(near.map(({ source }) => source)).toEqual(
      expect.arrayContaining(best.map(({ source }) => source)),
    );
    const scores = near.map(({ score }) => Number(score));
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    expect(await visitor.page.locator("svg.links path").count()).toBe(5);
    const marks = await visitor.list("ranking").first().locator("mark").allTextContents();
    expect(marks).toEqual(expect.arrayContaining(["ticket", "costs"]));
  });

  it("has its costs told: milliseconds, tokens, requests", async () => {
    await visitor.ask(price);
    const costs = visitor.page.locator(".costs");
    expect(await costs.textContent()).toMatch(/Embed[\d.,]+ msSearch[\d.,]+ msRerank[\d.,]+ ms/);
    expect(await costs.textContent()).toMatch(/Tokens[1-9][\d,]*Requests2$/);
  });

  it("is asked again in a page that is loaded again, with all that was chosen", async () => {
    await visitor.ask(price);
    await visitor.page.getByRole("radio", { name: "LlamaIndex" }).check();
    await visitor.seeAnswer();
    const before = await visitor.read("ranking");
    await visitor.page.reload();
    await visitor.seeAnswer();
    expect(await visitor.read("ranking")).toEqual(before);
    expect(await visitor.page.getByRole("radio", { name: "LlamaIndex" }).isChecked()).toBe(true);
  });

  it("can be taken from the examples", async () => {
    await visitor.page.getByRole("button", { name: "The lighthouse" }).click();
    await visitor.seeAnswer();
    expect((await visitor.read("ranking"))[0]?.source).toMatch(/^lighthouse\.md:/);
  });
});

describe("a switch", () => {
  it("between the frameworks changes nothing of what is found", async () => {
    await visitor.ask(price);
    const withLangChain = [await visitor.read("candidates"), await visitor.read("ranking")];
    const search = visitor.page.waitForRequest(/api\/search/);
    await visitor.page.getByRole("radio", { name: "LlamaIndex" }).check();
    expect((await search).postDataJSON()).toMatchObject({ framework: "llamaindex" });
    await visitor.seeAnswer();
    expect([await visitor.read("candidates"), await visitor.read("ranking")]).toEqual(withLangChain);
  });

  it("says how many candidates are fetched, and how many are kept, which asks the server nothing", async () => {
    await visitor.ask(price);
    await visitor.page.getByRole("slider", { name: "Candidates" }).fill("4");
    await expect.poll(() => visitor.list("candidates").count(), { timeout: patience }).toBe(4);
    await visitor.seeAnswer();
    let requests = 0;
    visitor.page.on("request", () => requests++);
    await visitor.page.getByRole("slider", { name: "Top" }).fill("2");
    await expect.poll(() => visitor.list("ranking").count(), { timeout: patience }).toBe(2);
    // The address is updated later than a search would be sent.
    await visitor.page.waitForURL(/top=2/);
    await visitor.page.getByRole("slider", { name: "Top" }).fill("3");
    await visitor.page.waitForURL(/top=3/);
    expect(await visitor.list("ranking").count()).toBe(3);
    expect(requests).toBe(0);
  });

  it("to another model builds its index; its prompt, on or off, changes the scores", async () => {
    const prompt = visitor.page.getByRole("checkbox", { name: "Query prompt" });
    await visitor.ask(price);
    expect(await prompt.isDisabled()).toBe(true);
    const without = await visitor.read("candidates");

    await visitor.page
      .getByRole("combobox", { name: "Embedding model" })
      .selectOption("BAAI/bge-base-en-v1.5");
    expect(await prompt.isChecked()).toBe(true);
    await expect.poll(() => visitor.read("candidates"), { timeout: patience }).not.toEqual(without);
    await visitor.seeAnswer();
    const prompted = await visitor.read("candidates");
    const search = visitor.page.waitForRequest(/api\/search/);
    await prompt.uncheck();
    expect((await search).postDataJSON()).toMatchObject({ prompt: false });
    await expect.poll(() => visitor.read("candidates"), { timeout: patience }).not.toEqual(prompted);
  });

  it("to hybrid shows the list by words as well, lines from both, and where each of the best stood", async () => {
    await visitor.ask("When does the bakery sell mackerel?");
    expect(await visitor.list("words").count()).toBe(0);
    await visitor.page.getByRole("checkbox", { name: "Hybrid" }).check();
    await visitor.list("words").first().waitFor();
    await visitor.seeAnswer();
    expect((await visitor.read("words"))[0]?.source).toMatch(/^food\.md:/);
    const found = await visitor.list("ranking").locator(".found").allTextContents();
    expect(found).toHaveLength(5);
    expect(found[0]).toMatch(/^\d+\. by vector · \d+\. by words$/);
    const inWords = found.filter((text) => !text.includes("not by words")).length;
    const inVectors = found.filter((text) => !text.includes("not by vector")).length;
    expect(await visitor.page.locator("svg.links path").count()).toBe(inWords + inVectors);
    // The address contains it.
    await visitor.page.waitForURL(/hybrid=on/);
  });
});

describe("the map", () => {
  it("shows every passage, the question, and its hits; a passage that is pointed at is meant everywhere", async () => {
    await visitor.ask(price);
    const map = visitor.page.getByRole("region", { name: "Map" });
    await map.locator("path.asked").waitFor();
    const passages = await visitor.list("candidates").count();
    expect(await map.locator(".dots circle").count()).toBe(passages);
    expect(await map.locator("circle.best").count()).toBe(5);
    await visitor.list("ranking").first().hover();
    const source = (await visitor.read("ranking"))[0]?.source ?? "";
    expect(await map.locator(".caption").textContent()).toContain(source);
    expect(await visitor.page.locator("svg.links path.active").count()).toBe(1);
    expect(await visitor.page.locator("li.active").count()).toBe(2);
  });
});
