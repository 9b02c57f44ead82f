/** The platform -> what its requests may share. */

/**
 * Whether what one incoming request made, such as a promise or a timer, may be what another waits for. In Cloudflare Workers
 * the other would hang, for good if the first is gone.
 */
export function mayShare(): boolean {
  return !("WebSocketPair" in globalThis);
}
