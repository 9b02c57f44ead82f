/** the server's event stream -> what it offers, the progress of its indexes, and whether the server can be reached */
import { useEffect, useState } from "preact/hooks";
import type { IndexStates, Settings } from "../wire.ts";

export interface ServerView {
  /** Settings of the server that answered last. The server may have been restarted with other documentation. */
  settings: Settings | undefined;
  states: IndexStates;
  isGone: boolean;
  /** How often the page has connected to a server. Results from an earlier connection are no longer valid. */
  visit: number;
}

const before: ServerView = { settings: undefined, states: {}, isGone: false, visit: 0 };

/** Milliseconds between attempts. Browsers wait longer by themselves, and some give up. */
const pause = 1000;

export function useServer(): ServerView {
  const [view, setView] = useState(before);
  useEffect(() => {
    let events: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lost = () => {
      events.close();
      setView((last) => ({ ...last, isGone: true }));
      // Only once, although both the stream and the settings may fail.
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
