/** A project's lockfile -> known vulnerabilities. If the registry does not answer, the audit is skipped. */
import { execFile } from "node:child_process";
import { plainEnvironment } from "../consumers/execute.ts";

interface Report {
  message?: string;
  vulnerabilities?: Record<string, { severity: string }>;
}

/**
 * `more` are npm's own flags.
 * @returns a line to print: how many minor vulnerabilities there are, or why the audit was skipped
 * @throws Error naming the packages with vulnerabilities that are high or critical
 */
export async function audit(folder: string, more: string[] = []): Promise<string> {
  const report = await runAudit(folder, more);
  if (!report.vulnerabilities) return `skipped: ${report.message ?? "the registry gave no report"}`;
  const found = Object.entries(report.vulnerabilities);
  const grave = found.filter(([, { severity }]) => severity === "high" || severity === "critical");
  if (grave.length === 0) return `${found.length} known`;
  const list = grave.map(([name, { severity }]) => `${name} (${severity})`);
  throw new Error(
    `Expected no grave vulnerability in what we ship, got ${list.join(", ")}: see \`npm audit\``,
  );
}

/** npm exits with 1 when it finds something and when the registry does not answer. Its report tells which. */
function runAudit(folder: string, more: string[]): Promise<Report> {
  const flags = ["--package-lock-only", "--legacy-peer-deps", "--omit=dev", "--json", "--fetch-retries=0"];
  const args = ["audit", ...flags, ...more];
  const options = { cwd: folder, env: plainEnvironment(), timeout: 120_000, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    execFile("npm", args, options, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        resolve({ message: error?.message ?? "npm audit gave no JSON" });
      }
    });
  });
}
