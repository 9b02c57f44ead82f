import { describe, expect, test } from "vitest";
import type { Manifest } from "../consumers/pack.ts";
import { checkOrigin, inOrder } from "./publish.ts";

function manifest(name: string, more: Partial<Manifest> = {}): Manifest {
  return { name, version: "1.0.0", license: "MIT", exports: {}, ...more };
}

describe("packages", () => {
  test("are published after those that they depend on", () => {
    const packages = [
      manifest("adapter", { dependencies: { core: "^1.0.0", others: "^2.0.0" } }),
      manifest("umbrella", { dependencies: { adapter: "^1.0.0" } }),
      manifest("core"),
    ];
    expect(inOrder(packages).map(({ name }) => name)).toEqual(["core", "adapter", "umbrella"]);
  });

  test("that depend on each other in a circle are refused", () => {
    const circle = [
      manifest("a", { dependencies: { b: "^1.0.0" } }),
      manifest("b", { dependencies: { a: "^1.0.0" } }),
    ];
    expect(() => inOrder(circle)).toThrow("a, b");
  });
});

describe("the repository that a manifest names", () => {
  const named = manifest("core", { repository: { url: "git+https://github.com/Somebody/retrieval.git" } });

  test("has to be the one that publishes", () => {
    expect(checkOrigin(named, { GITHUB_REPOSITORY: "somebody/retrieval" })).toBe("Somebody/retrieval");
    expect(() => checkOrigin(named, { GITHUB_REPOSITORY: "another/retrieval" })).toThrow("another/retrieval");
    expect(() => checkOrigin(manifest("core"), { GITHUB_REPOSITORY: "another/retrieval" })).toThrow(
      "got none",
    );
  });

  test("may be missing elsewhere, and that is said", () => {
    expect(checkOrigin(named, {})).toBe("Somebody/retrieval");
    expect(checkOrigin(manifest("core"), {})).toMatch(/needed to publish/);
  });
});
