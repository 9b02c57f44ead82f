/** the server's event stream -> what it offers, how far its indexes are, and whether it is there at all */
import { useEffect, useState } from "preact/hooks";
import type { IndexStates, Settings } from "../wire.ts";

export interface ServerView {
  /** Of the server that answered last: it may have been started anew with other documentation. */
  settings: Settings | undefined;
  states: IndexStates;
  isGone: boolean;
  /** How often a server was found: what was computed from an earlier one's answers is void. */
  visit: number;
}

const before: ServerView = { settings: undefined, states: {}, isGone: false, visit: 0 };

/** The browser itself tries again and again after the stream has ended. */
export function useServer(): ServerView {
  const [view, setView] = useState(before);
  useEffect(() => {
    const events = new EventSource("/api/events");
    const lost = () => setView((last) => ({ ...last, isGone: true }));
    events.onerror = lost;
    events.onopen = async () => {
      try {
        const settings: Settings = await (await fetch("/api/settings")).json();
        setView((last) => ({ ...last, settings, isGone: false, visit: last.visit + 1 }));
      } catch {
        lost();
      }
    };
    events.onmessage = ({ data }) => setView((last) => ({ ...last, states: JSON.parse(data) }));
    return () => events.close();
  }, []);
  return view;
}
