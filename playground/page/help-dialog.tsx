/** the keys that the page knows */
import { Dialog } from "./dialog.tsx";
import type { Shortcuts } from "./use-shortcuts.ts";

const keys: [string, string][] = [
  ["/", "to the question"],
  ["↓", "from the question to the candidates; ↑ ↓ from passage to passage"],
  ["← →", "to the same passage on the other side"],
  ["Enter", "read the whole passage"],
  ["Esc", "back to the question; in the question: out of it, where the single keys work"],
  ["f", "LangChain or LlamaIndex"],
  ["h", "hybrid search on or off"],
  ["p", "query prompt on or off"],
  ["c", "copy as code"],
  ["?", "this help"],
];

export function HelpDialog({ shortcuts, onClose }: { shortcuts: Shortcuts; onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          checked={shortcuts.isOn}
          onChange={(event) => shortcuts.setOn(event.currentTarget.checked)}
        />
        <span>Single-key shortcuts</span>
      </label>
    </Dialog>
  );
}
