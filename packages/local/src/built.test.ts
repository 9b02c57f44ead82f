import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
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
async function start(...args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, ["bin/together-local.js", "--port", "0", ...args], {
    cwd: packageFolder,
  });
  const [line] = await once(child.stdout, "data");
  return { child, line: String(line) };
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
    const { child, line } = await start();
    expect(line).toMatch(
      /^Listening on http:\/\/127\.0\.0\.1:\d+\/v1 · all-MiniLM-L6-v2 answers every model id · .*\n$/,
    );
    const url = /http:\S+/.exec(line)?.[0];
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
