import { describe, expect, test } from "vitest";
import { type Component, checkLicenses } from "./sbom.ts";

function licensed(...licenses: NonNullable<Component["licenses"]>): { components: Component[] } {
  return { components: [{ "bom-ref": "a@1.0.0", name: "a", version: "1.0.0", type: "library", licenses }] };
}

describe("what we ship", () => {
  test.each([
    [{ license: { id: "MIT" } }],
    [{ expression: "(MIT OR CC0-1.0)" }],
    [{ expression: "MIT AND Apache-2.0" }],
  ])("may be licensed as %j", (license) => {
    expect(checkLicenses(licensed(license))).toBe("1 components");
  });

  test.each([
    [{ license: { id: "GPL-3.0-only" } }],
    [{ expression: "MIT AND GPL-3.0-only" }],
    [{ license: { name: "SEE LICENSE IN terms.txt" } }],
    [{ license: { id: "UNLICENSED" } }],
  ])("may not be licensed as %j", (license) => {
    expect(() => checkLicenses(licensed(license))).toThrow("a@1.0.0");
  });

  test("may not be without a licence, or have one of two refused", () => {
    expect(() => checkLicenses(licensed())).toThrow("a@1.0.0 (none)");
    const both = licensed({ license: { id: "MIT" } }, { license: { id: "AGPL-3.0-only" } });
    expect(() => checkLicenses(both)).toThrow("a@1.0.0 (MIT AND AGPL-3.0-only)");
  });
});
