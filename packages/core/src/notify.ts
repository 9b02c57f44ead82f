/** An event -> the caller's callback, whose errors are ignored. */

/** Calls the caller's function. If it throws or rejects, the error is ignored, because it must not lose paid work. */
export function notify<Event>(callback: ((event: Event) => unknown) | undefined, event: Event): void {
  if (!callback) return;
  try {
    // `instanceof Promise` would miss a promise from another realm.
    const returned = callback(event) as PromiseLike<unknown> | null | undefined;
    returned?.then?.(undefined, () => {});
  } catch {
    // Ignored, as the option's documentation says.
  }
}
