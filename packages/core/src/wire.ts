/** A request in Together's words -> the address and the body that the server wants. */
import type { ApiRequest } from "./request.ts";

/** How a server wants a request for a ranking written, where it is not Together's way. */
interface Wire {
  /** Whether the route stands at the host's root, without the `/v1` of the others. */
  atRoot?: boolean;
  /** Members by another name; `null` for those that are left out. */
  members: Record<string, string | null>;
}

export const wires: Record<string, Wire> = {
  together: { members: {} },
  // It serves one model, and answers with neither documents nor their texts unless it is asked to.
  tei: { atRoot: true, members: { model: null, documents: "texts", return_documents: null } },
  // It leaves documents out by itself.
  voyage: { members: { return_documents: null } },
};

/** Embeddings are asked for in the same way everywhere. */
export function written(
  { path, body }: Pick<ApiRequest, "path" | "body">,
  wire: string,
  baseURL: string,
): { address: string; body: Record<string, unknown> } {
  const { members, atRoot } = wires[path === "/rerank" ? wire : "together"] as Wire;
  const named = Object.entries(body).flatMap(([name, value]) => {
    const theirs = name in members ? members[name] : name;
    return typeof theirs === "string" ? [[theirs, value] as const] : [];
  });
  return { address: atRoot && baseURL ? atRootOf(baseURL, path) : path, body: Object.fromEntries(named) };
}

/** A gateway's prefix before the `/v1` stays, and so does a query. */
function atRootOf(baseURL: string, path: string): string {
  const url = new URL(baseURL);
  url.pathname = url.pathname.replace(/\/+$/, "").replace(/\/v\d+$/, "") + path;
  return url.href;
}
