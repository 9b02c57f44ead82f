import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkFaults } from "../../packages/local/src/check-faults.ts";
import { checkOptions, type LocalServerOptions } from "../../packages/local/src/options.ts";

const readme = readFileSync(new URL("../../packages/local/README.md", import.meta.url), "utf8");

/** The rows of the table whose first column has this head, as cells. */
function table(head: string): string[][] {
  const rows =
    readme
      .slice(readme.search(new RegExp(`^\\| ${head} +\\|`, "m")))
      .split("\n\n")[0]
      ?.split("\n")
      .slice(2) ?? [];
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("the table of options names every option with its true default", () => {
  const { port, host, wire, maxBodyBytes, log } = checkOptions({});
  const code = (value: unknown) => `\`${JSON.stringify(value)}\``;
  const expected: Record<keyof LocalServerOptions, string> = {
    port: code(port),
    host: code(host),
    apiKey: "none",
    modelDir: "its own",
    dimensions: "the model's",
    wire: code(wire),
    maxBodyBytes: code(maxBodyBytes),
    log: code(log),
    faults: "none",
  };
  const shown = table("option").map(([name = "", value = ""]) => [name.replaceAll("`", ""), value]);
  expect(Object.fromEntries(shown)).toEqual(expected);
});

test("the example of a `globalSetup` is the one that is run", () => {
  const file = readFileSync(new URL("../../examples/vitest-local/local-server.ts", import.meta.url), "utf8");
  const code = file.replace(/^ *(?:\/\/|\/\*\*).*\n/gm, "");
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});

test("the example of faults is one that the server takes", () => {
  const example = /JSON\.stringify\((\{\n[\s\S]*?\n {2}\})\),\n\}\)/.exec(readme)?.[1];
  const faults = new Function(`return ${example}`)();
  expect(checkFaults(faults).rules).toHaveLength(4);
});

test("the table of faults names every fault", () => {
  const named = table("fault").flatMap(([names = ""]) => names.replaceAll("`", "").split(", "));
  for (const fault of named) {
    expect(() =>
      checkFaults({ rules: [{ fault, ...(/status|html/.test(fault) && { status: 500 }) }] }),
    ).not.toThrow();
  }
  const refusal = () => checkFaults({ rules: [{ fault: "none" }] });
  expect(refusal).toThrow(new RegExp(`is one of ${["status, html", ...named.slice(2)].join(", ")}`));
});
