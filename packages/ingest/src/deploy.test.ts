/** The deployment examples: parsed, and every command in them is one that the command line takes. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { commands } from "./cli/commands.ts";

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), "utf8");

/** Every `together-ingest` command line in it, as words. */
function commandLines(file: string): string[][] {
  const lines = [...file.matchAll(/-p ioredis together-ingest (\w[^'\n]*?)(?=["']?[\],]|'|$)/gm)];
  return lines.map(([, words = ""]) =>
    words
      .replaceAll('"', "")
      .split(" ")
      .filter((word) => word !== "$$@"),
  );
}

test("the compose file has what it needs, and the workers have time to end", () => {
  const { services, volumes } = parse(read("compose.yaml"), { merge: true });
  expect(Object.keys(services)).toEqual(["postgres", "redis", "worker", "add", "status"]);
  expect(Object.keys(volumes)).toEqual(["postgres", "redis"]);
  expect(services.worker).toMatchObject({ stop_grace_period: "90s", restart: "unless-stopped" });
  expect(Object.keys(services.worker.depends_on)).toEqual(["postgres", "redis"]);
  expect(services.redis.command).toContain("--appendonly");
});

test("the manifests are of the kinds they say, and share one secret", () => {
  const documents = parseAllDocuments(read("kubernetes.yaml"));
  for (const document of documents) expect(document.errors).toEqual([]);
  const [secret, deployment, job] = documents.map((document) => document.toJS());
  expect([secret.kind, deployment.kind, job.kind]).toEqual(["Secret", "Deployment", "Job"]);
  const worker = deployment.spec.template.spec;
  expect(worker.terminationGracePeriodSeconds).toBe(90);
  expect(deployment.spec.selector.matchLabels).toEqual(deployment.spec.template.metadata.labels);
  for (const { spec } of [deployment.spec.template, job.spec.template]) {
    expect(spec.containers[0].envFrom[0].secretRef.name).toBe(secret.metadata.name);
  }
});

test.each(["compose.yaml", "kubernetes.yaml"])("the commands in %s have flags that exist", (name) => {
  const lines = commandLines(read(name));
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const [command = "", ...words] of lines) {
    const known = commands().find((one) => one.name() === command);
    const flags = known?.options.map(({ long }) => long);
    for (const word of words.filter((word) => word.startsWith("--")))
      expect(flags, `${command} ${word}`).toContain(word);
  }
});
