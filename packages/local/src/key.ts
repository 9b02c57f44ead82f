/** the authorization header -> nothing, or the refusal of a missing or wrong key */
import { createHash, timingSafeEqual } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** A server with a key demands it. A server without one demands any key, if its wire needs one. @throws Refusal (401) for a missing or wrong key. */
export function checkKey(header: string | undefined, apiKey: string | undefined, needsKey = false): void {
  if (apiKey === undefined && !needsKey) return;
  const sent = /^Bearer\s+(\S.*)$/i.exec(header ?? "")?.[1]?.trim();
  if (sent !== undefined && (apiKey === undefined || isSame(sent, apiKey))) return;
  const message = sent
    ? "Invalid API key provided"
    : "Missing API key: send it as `Authorization: Bearer KEY` (any key will do unless the server was given one)";
  throw new Refusal(401, message, { code: "invalid_api_key" });
}

/** Takes equally long wherever the two strings differ, so that timing tells nothing about the key. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
