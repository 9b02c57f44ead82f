/** the switches: framework, prompt, how many, which models */
import { useState } from "preact/hooks";
import { limits, type SearchRequest, type Settings } from "../wire.ts";

export interface ControlsProps {
  request: SearchRequest;
  settings: Settings;
  change: (part: Partial<SearchRequest>) => void;
  canCopy: boolean;
  onCode: () => void;
}

export function Controls({ request, settings, change, canCopy, onCode }: ControlsProps) {
  const model = settings.embeddingModels.find(({ id }) => id === request.embeddingModel);
  // Only on a telephone. Elsewhere all controls are always visible.
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="controls" aria-label="Settings" data-open={isOpen}>
      <fieldset class="segments">
        <legend class="hidden">Framework</legend>
        {(["langchain", "llamaindex"] as const).map((framework) => (
          <label key={framework}>
            <input
              type="radio"
              name="framework"
              checked={request.framework === framework}
              onChange={() => change({ framework })}
            />
            <span>{framework === "langchain" ? "LangChain" : "LlamaIndex"}</span>
          </label>
        ))}
      </fieldset>
      <button type="button" class="toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Settings
      </button>
      <div class="more">
        <Slider label="Candidates" {...{ request, change }} name="candidates" />
        <Slider label="Top" {...{ request, change }} name="topN" />
        <label class="field">
          <span class="label">Embedding model</span>
          <select
            value={request.embeddingModel}
            onChange={(event) => change({ embeddingModel: event.currentTarget.value })}
          >
            {settings.embeddingModels.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
        <div class="switches">
          <label class="switch" title="Finds passages by their words too, and fuses both lists">
            <input
              type="checkbox"
              checked={request.hybrid}
              onChange={(event) => change({ hybrid: event.currentTarget.checked })}
            />
            <span>Hybrid</span>
          </label>
          <PromptSwitch
            {...{ prompt: model?.queryPrompt ?? null, isOn: request.prompt }}
            onChange={(prompt) => change({ prompt })}
          />
        </div>
        <label class="field">
          <span class="label">Reranker</span>
          <input
            {...{ type: "text", list: "rerankers", value: request.rerankModel, spellcheck: false }}
            // Not at each key press, because half a name is no model.
            onChange={(event) =>
              change({ rerankModel: event.currentTarget.value.trim() || request.rerankModel })
            }
          />
          <datalist id="rerankers">
            {settings.rerankModels.map((id) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </label>
      </div>
      <button type="button" class="primary" disabled={!canCopy} onClick={onCode}>
        Copy as code
      </button>
    </section>
  );
}

function PromptSwitch(props: { prompt: string | null; isOn: boolean; onChange: (isOn: boolean) => void }) {
  const { prompt, isOn, onChange } = props;
  const why = prompt
    ? `Before the question stands “${prompt}”`
    : "This model wants no prompt before a question";
  return (
    <label class="switch" title={why}>
      <input
        type="checkbox"
        checked={prompt !== null && isOn}
        disabled={prompt === null}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>Query prompt</span>
      <span class="hidden">{why}</span>
    </label>
  );
}

function Slider({
  label,
  name,
  request,
  change,
}: { label: string; name: "candidates" | "topN" } & Pick<ControlsProps, "request" | "change">) {
  const { min, max } = limits[name];
  return (
    <div class="field slider">
      {/* By its id: an output can have a label too, and a label around both would be the output's. */}
      <label class="label" for={name}>
        {label} <output for={name}>{request[name]}</output>
      </label>
      <input
        {...{ id: name, type: "range", min, max, value: request[name] }}
        onInput={(event) => change({ [name]: event.currentTarget.valueAsNumber })}
      />
    </div>
  );
}
