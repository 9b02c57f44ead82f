/** what is searched, and who answers; the theme's switch */
import type { IndexState, Settings } from "../wire.ts";
import { ThemeSwitch } from "./theme.tsx";

const icon = new URL("./icon.svg", import.meta.url).href;
const count = (value: number) => value.toLocaleString("en");

export interface MastheadProps {
  settings: Settings;
  index: IndexState | undefined;
  onHelp: () => void;
}

export function Masthead({ settings, index, onHelp }: MastheadProps) {
  const { service } = settings;
  const host = new URL(service.url).host;
  return (
    <header class="masthead">
      <h1>
        <img src={icon} alt="" width="24" height="24" /> Retrieval playground
      </h1>
      <p class="quiet">
        {index?.state === "ready" && `${count(index.passages)} passages of ${count(index.files)} files · `}
        {service.kind === "local" ? (
          <span title="Its relevance scores are a heuristic on the same model's vectors, not a cross-encoder's.">
            local server: {service.answeredBy} answers under every name, no network
          </span>
        ) : (
          <span>API at {host}</span>
        )}
      </p>
      <div class="tools">
        <ThemeSwitch />
        <button
          type="button"
          class="icon"
          onClick={onHelp}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
        >
          ?
        </button>
      </div>
    </header>
  );
}
