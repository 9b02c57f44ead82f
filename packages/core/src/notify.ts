/** An event -> the caller's callback, whose faults stay its own. */

/** Calls the caller's function. What it throws, or rejects with, must not lose paid work, so it goes no further. */
export function notify<Event>(callback: ((event: Event) => unknown) | undefined, event: Event): void {
  if (!callback) return;
  try {
    // Not `instanceof Promise`: it may come from another realm.
    const returned = callback(event) as PromiseLike<unknown> | null | undefined;
    returned?.then?.(undefined, () => {});
  } catch {
    // The option's documentation says that errors of the callback are ignored: vectors matter more.
  }
}
