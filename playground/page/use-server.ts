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

/** Milliseconds between attempts; browsers' own are longer, and some give up. */
const pause = 1000;

export function useServer(): ServerView {
  const [view, setView] = useState(before);
  useEffect(() => {
    let events: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lost = () => {
      events.close();
      setView((last) => ({ ...last, isGone: true }));
      // Once, though both the stream and the settings may fail.
      clearTimeout(timer);
      timer = setTimeout(connect, pause);
    };
    const connect = () => {
      events = new EventSource("/api/events");
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
    };
    connect();
    return () => {
      clearTimeout(timer);
      events.close();
    };
  }, []);
  return view;
}
