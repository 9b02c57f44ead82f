/** An event -> the caller's callback, whose errors are ignored. */

/**
 * Calls the caller's function at once. If it throws or its promise rejects, the error is ignored, because it must not lose
 * paid work. What is returned never rejects: nobody waits for it.
 */
export async function notify<Event>(
  callback: ((event: Event) => unknown) | undefined,
  event: Event,
): Promise<void> {
  try {
    await callback?.(event);
  } catch {
    // Ignored, as the option's documentation says.
  }
}
