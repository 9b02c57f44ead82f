/** key presses outside of text fields -> actions. The browser remembers if somebody has switched them off. */
import { useEffect, useRef, useState } from "preact/hooks";

export interface Shortcuts {
  isOn: boolean;
  setOn: (isOn: boolean) => void;
}

/** Single-key shortcuts disturb voice control, so they can be switched off. */
export function useShortcuts(actions: Record<string, () => unknown>): Shortcuts {
  const [isOn, setOn] = useState(() => localStorage.getItem("shortcuts") !== "off");
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    localStorage.setItem("shortcuts", isOn ? "on" : "off");
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
      const action = latest.current[event.key];
      if (!action || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [isOn]);
  return { isOn, setOn };
}

function takesText(target: EventTarget | null): boolean {
  const takes = 'input:not([type="radio"], [type="checkbox"], [type="range"]), select, textarea';
  return target instanceof Element && target.matches(takes);
}
