/** "Start in five minutes": what it says about mistakes is what a reader really sees. */
import { TogetherClient } from "@together-retrieval/core";
import { startLocalServer } from "@together-retrieval/local";
import { refuse } from "@together-retrieval/test-server/answers";
import { it } from "@together-retrieval/test-server/fixture";
import { expect, vi } from "vitest";
import { failureOf } from "../contract/failure.ts";
import { asPattern, readTable } from "./table.ts";

const page = new URL("../../docs/start.md", import.meta.url);

it("quotes the errors of a first try as they come", { timeout: 60_000 }, async ({ server }) => {
  const rows = await readTable(page, "## If it does not work");
  const quoted = rows.map(([seen = ""]) => /(``?.+``?)/.exec(seen)?.[1] ?? "");
  const options = { apiKey: "key", baseURL: server.baseURL, maxRetries: 0 };
  const embed = (client: TogetherClient) => failureOf(client.embed(["a text"], { model: "a model" }));

  vi.stubEnv("TOGETHER_API_KEY", "").stubEnv("TOGETHER_AI_API_KEY", "");
  const keyless = await failureOf((async () => new TogetherClient())());
  vi.unstubAllEnvs();
  const unreachable = await embed(new TogetherClient({ ...options, baseURL: "http://127.0.0.1:1/v1" }));
  server.always(refuse(400, { code: "model_not_available" }));
  const unavailable = await embed(new TogetherClient(options));
  const taken = await failureOf(startLocalServer({ port: Number(new URL(server.baseURL).port) }));

  const [noKey = "", noServer = "", noPort = "", , noModel = ""] = quoted;
  expect(String(keyless)).toMatch(asPattern(noKey));
  expect(String(unreachable)).toMatch(asPattern(noServer));
  expect(String(taken)).toMatch(asPattern(noPort.replace("8123", "…")));
  expect(String(unavailable)).toMatch(asPattern(noModel));
});
