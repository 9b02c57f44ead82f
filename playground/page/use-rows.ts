/** key presses and the pointer, over all lists -> the passage that is selected */
import type { RefObject } from "preact";

export interface RowsState {
  active: string | undefined;
  setActive: (id: string | undefined) => void;
}

/** Handlers for the element that holds the lists. */
export function useRows(stage: RefObject<HTMLElement | null>, { setActive }: RowsState) {
  const buttons = (list: string) => [
    ...(stage.current?.querySelectorAll<HTMLElement>(`[data-list="${list}"] li > button`) ?? []),
  ];
  const meant = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLElement>("li[data-id]") : null;
  return {
    onFocusIn: (event: FocusEvent) => setActive(meant(event.target)?.dataset.id),
    onPointerOver: (event: PointerEvent) => setActive(meant(event.target)?.dataset.id),
    onPointerLeave: () => setActive(undefined),
    onKeyDown: (event: KeyboardEvent) => {
      const row = meant(event.target);
      if (event.key === "Escape") document.querySelector<HTMLElement>("#question")?.focus();
      const list = row?.closest<HTMLElement>("[data-list]")?.dataset.list;
      if (!row || !list) return;
      const goal = next(event.key, { row, list, buttons });
      if (!goal) return;
      event.preventDefault();
      goal.focus();
      goal.scrollIntoView({ block: "nearest" });
    },
  };
}

interface Place {
  row: HTMLElement;
  list: string;
  buttons: (list: string) => HTMLElement[];
}

/** The lists as they are on the screen, from left to right. */
const sides = ["candidates", "ranking", "words"];

function next(key: string, { row, list, buttons }: Place): HTMLElement | undefined {
  const own = buttons(list);
  const at = own.findIndex((button) => button.parentElement === row);
  if (key === "ArrowDown") return own[at + 1];
  if (key === "ArrowUp") return own[at - 1] ?? document.querySelector<HTMLElement>("#question") ?? undefined;
  if (key === "Home") return own[0];
  if (key === "End") return own.at(-1);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const side = step && sides[sides.indexOf(list) + step];
  if (!side) return undefined;
  const across = buttons(side);
  return across.find((button) => button.parentElement?.dataset.id === row.dataset.id) ?? across[0];
}
