import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

const ask = `async ({ startLocalServer }) => {
  const server = await startLocalServer();
  const answer = await fetch(server.url + "/embeddings", {
    method: "POST",
    headers: { authorization: "Bearer any" },
    body: JSON.stringify({ model: "m", input: "hello" }),
  });
  console.log(answer.status, (await answer.json()).data[0].embedding.length);
  await server.close();
}`;

/** Starts the command on a free port and resolves with its first line. */
async function start(
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<{ child: ChildProcessWithoutNullStreams; line: string; url: string; said: () => string }> {
  const child = spawn(process.execPath, ["bin/together-local.js", "--port", "0", ...args], {
    cwd: packageFolder,
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const [line] = await once(child.stdout, "data");
  return { child, line: String(line), url: /http:\S+/.exec(String(line))?.[0] ?? "", said: () => said };
}

/** Runs the command where it should fail; gives the exit code and what it said. */
async function fail(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return run(process.execPath, ["bin/together-local.js", ...args], { cwd: packageFolder }).then(
    () => Promise.reject(new Error("The command should have failed")),
    (error) => error,
  );
}

test.each([
  ["as an ES module", "module", `(${ask})(await import("./dist/index.js"))`],
  ["through require", "commonjs", `(${ask})(require("./dist/index.cjs"))`],
])("the built package serves and ends, loaded %s", async (_, type, code) => {
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, "-e", code], {
    cwd: packageFolder,
  });
  expect(stdout).toBe("200 384\n");
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "the command says in one line where it listens, and %s ends it",
  async (signal) => {
    const { child, line, url } = await start();
    expect(line).toMatch(
      /^Listening on http:\/\/127\.0\.0\.1:\d+\/v1 · all-MiniLM-L6-v2 answers every model id · .*\n$/,
    );
    expect((await fetch(`${url}/models`, { headers: { authorization: "Bearer any" } })).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  },
);

test.each([
  ["an unknown flag", ["--prot", "1"], "error: unknown option '--prot'\n"],
  [
    "a port that is no number",
    ["--port", "x"],
    "error: option '--port <number>' argument 'x' is invalid. Expected a whole number.\n",
  ],
  [
    "a port out of range",
    ["--port", "70000"],
    "error: Expected `port` to be an integer from 0 to 65535, got `70000`\n",
  ],
  ["a stray argument", ["serve"], "error: too many arguments. Expected 0 arguments but got 1.\n"],
])("%s gets one line and exit code 1", async (_, args, message) => {
  const { code, stdout, stderr } = await fail(...args);
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: message });
});

test.each([
  ["a model folder without a model", ["--model-dir", "src"], /^error: No ONNX model in src: expected .*\n$/],
  [
    "a faults file that is not there",
    ["--faults", "none.json"],
    /^error: option '--faults .*It cannot be read\.\n$/,
  ],
  [
    "a faults file that is not JSON",
    ["--faults", "README.md"],
    /^error: option '--faults .*It is not JSON\.\n$/,
  ],
  ["a faults file with no faults", ["--faults", "package.json"], /^error: Expected `faults` .*name.*\n$/],
  ["an unknown log style", ["--log", "loud"], /^error: option '--log .*json, pretty, silent\.\n$/],
])("%s gets one line and exit code 1", async (_, args, message) => {
  const { code, stdout, stderr } = await fail(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(message);
});

test("on an address that others reach, the command warns and asks for the key it shows", async () => {
  const { child, line, url, said } = await start(["--host", "0.0.0.0"], { TOGETHER_API_KEY: "" });
  expect(line).toMatch(/^Listening on 0\.0\.0\.0:(\d+), here http:\/\/127\.0\.0\.1:\1\/v1 · /);
  const key = /^warning: others can reach 0\.0\.0\.0; clients must send the key (\S+)\n$/.exec(said())?.[1];
  const status = async (sent: string) =>
    (await fetch(`${url}/models`, { headers: { authorization: `Bearer ${sent}` } })).status;
  expect([await status("any"), await status(key ?? "")]).toEqual([401, 200]);
  child.kill("SIGINT");
  await once(child, "exit");
});

test("on an address that others reach, the key in the environment counts, and is not shown", async () => {
  const { child, url, said } = await start(["--host", "0.0.0.0"], { TOGETHER_API_KEY: "own-key" });
  expect(said()).toMatch(/^warning: .* TOGETHER_API_KEY\n$/);
  const response = await fetch(`${url}/models`, { headers: { authorization: "Bearer own-key" } });
  expect(response.status).toBe(200);
  child.kill("SIGINT");
  await once(child, "exit");
});

test.each([
  [
    "json",
    /^\{"at":"[^"]+Z","id":"[^"]+","method":"GET","path":"\/v1\/models","status":200,"ms":\d+,"texts":0,"faults":\[\]\}\n$/,
  ],
  ["pretty", /^\d\d:\d\d:\d\d\.\d{3} GET \/v1\/models 200 · \d+ ms\n$/],
  ["silent", /^$/],
])("--log %s writes the line that it should on stderr", async (style, line) => {
  const { child, url, said } = await start(["--log", style]);
  await (await fetch(`${url}/models`, { headers: { authorization: "Bearer secret" } })).text();
  child.kill("SIGINT");
  await once(child, "exit");
  expect(said()).toMatch(line);
});

test("--version and --help say what they should", async () => {
  const say = async (flag: string) =>
    (await run(process.execPath, ["bin/together-local.js", flag], { cwd: packageFolder })).stdout;
  expect(await say("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = await say("--help");
  for (const flag of ["--port", "--host", "--model-dir", "--faults", "--log", "--version"]) {
    expect(help).toContain(flag);
  }
});

test("a taken port gets one line and exit code 1", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const { code, stderr } = await fail("--port", String(port));
  taken.close();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `error: Cannot listen on port ${port} of 127.0.0.1: it is taken by another program\n`,
  });
});

test("a program that exits while the model is at work exits cleanly", async () => {
  const code = `import("./dist/index.js").then(async ({ startLocalServer }) => {
    const server = await startLocalServer();
    const body = JSON.stringify({ model: "m", input: Array(500).fill("word ".repeat(250)) });
    void fetch(server.url + "/embeddings", { method: "POST", headers: { authorization: "Bearer any" }, body });
    setTimeout(() => process.exit(7), 700);
  });`;
  const ended = await run(process.execPath, ["-e", code], { cwd: packageFolder }).catch((error) => error);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 7, stderr: "" });
});

const checkOf = (url: string) =>
  run(
    process.execPath,
    ["bin/together-local.js", "check", url, "--model", "m", "--rerank-model", "r", "--key", "a-secret-key"],
    { cwd: packageFolder },
  ).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );

test("the check prints a table and the options; its exit code is 2 where a promise cannot be kept", async () => {
  const folder = await mkdtemp(join(tmpdir(), "check-"));
  const faults = join(folder, "faults.json");
  await writeFile(faults, JSON.stringify({ rules: [{ fault: "short", route: "rerank" }] }));
  const { child, url } = await start(["--faults", faults]);
  const broken = await checkOf(url);
  expect(broken).toMatchObject({ code: 2, stdout: expect.stringContaining("cannot be kept: a ranking") });
  await fetch(new URL("/_faults", url), { method: "POST", body: "{}" });
  const whole = await checkOf(url);
  expect(whole.code).toBe(0);
  expect(whole.stdout).toMatch(/^Vectors {2,}3 of 384 numbers\n[\s\S]*\noptions: \{\}\n$/);
  expect(whole.stdout).not.toContain("a-secret-key");
  child.kill();
  await rm(folder, { recursive: true });
}, 60_000);
