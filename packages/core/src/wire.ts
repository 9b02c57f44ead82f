/** A request in Together's format -> the address and the body for the server's API. */
import type { ApiRequest } from "./request.ts";

/** How a server's rerank request differs from Together's. */
interface Wire {
  /** Whether the route is at the host's root, without `/v1`. */
  atRoot?: boolean;
  /** Members that have another name; `null` for those that are left out. */
  members: Record<string, string | null>;
}

export const wires: Record<string, Wire> = {
  together: { members: {} },
  // This server has a single model, and does not return documents or texts unless asked.
  tei: { atRoot: true, members: { model: null, documents: "texts", return_documents: null } },
  // This server does not return documents by default.
  voyage: { members: { return_documents: null } },
};

/** Embedding requests are the same for all servers. */
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

/** Keeps a gateway's prefix before `/v1`, and a query. */
function atRootOf(baseURL: string, path: string): string {
  const url = new URL(baseURL);
  url.pathname = url.pathname.replace(/\/+$/, "").replace(/\/v\d+$/, "") + path;
  return url.href;
}
