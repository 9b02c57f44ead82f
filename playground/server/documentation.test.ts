import { describe, expect, it } from "vitest";
import { readDocumentation } from "./documentation.ts";

const file = (name: string, text: string) => ({ name, text });

describe("documentation", () => {
  it("of one's own is taken as a whole, with its headings to begin with", async () => {
    const files = Array.from({ length: 800 }, (_, n) => file(`${n}.md`, `# All about ${n}\n\nA text.`));
    const { passages, counts, examples } = await readDocumentation(files, true);
    expect(passages).toHaveLength(800);
    expect(counts).toEqual({ files: 800, passages: 800, leftOut: 0 });
    expect(examples).toHaveLength(3);
    expect(examples[0]).toMatch(/^All about \d+$/);
  });

  it("that is installed is cut at whole files, and what is left out is counted", async () => {
    const files = Array.from({ length: 800 }, (_, n) => file(`${n}.md`, "A text."));
    const { passages, counts } = await readDocumentation(files, false);
    expect(passages).toHaveLength(750);
    expect(counts).toEqual({ files: 750, passages: 750, leftOut: 50 });
  });

  it("without headings has nothing to begin with", async () => {
    expect((await readDocumentation([file("a.txt", "Just text.")], true)).examples).toEqual([]);
  });

  it("without text is refused", async () => {
    await expect(readDocumentation([file("a.md", "---")], true)).rejects.toThrow("no text");
  });
});
