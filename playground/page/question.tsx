/** the field for the question, and some questions to begin with */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

export interface QuestionProps {
  value: string;
  examples: string[];
  /** Whether nobody has asked anything yet. */
  isExample: boolean;
  input: RefObject<HTMLInputElement | null>;
  /** Whether single-key shortcuts are on. */
  hasKeys: boolean;
  onChange: (value: string) => void;
  onSubmit: () => void;
}

export function Question({ value, examples, isExample, input, hasKeys, onChange, onSubmit }: QuestionProps) {
  // At first, the example is selected, so that typing replaces it.
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (isExample && document.activeElement === input.current) input.current?.select();
  }, [isExample, value]);
  return (
    <search class="question">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <label for="question" class="hidden">
          Question
        </label>
        <input
          {...{ ref: input, id: "question", value, type: "search", autoComplete: "off", spellcheck: false }}
          placeholder="Ask the documentation…"
          enterKeyHint="search"
          onInput={(event) => onChange(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              // By default Esc would empty the field. Leaving it turns the single-key shortcuts on.
              event.preventDefault();
              event.currentTarget.blur();
            }
            if (event.key === "ArrowDown") {
              event.preventDefault();
              document.querySelector<HTMLElement>("[data-list] button")?.focus();
            }
          }}
        />
        {hasKeys && (
          <>
            <span class="key outside" aria-hidden="true">
              /
            </span>
            <span class="key inside" aria-hidden="true" title="Esc leaves the field; ? then shows the keys">
              Esc ?
            </span>
          </>
        )}
      </form>
      {(!value || examples.includes(value)) && (
        <ul class="examples" aria-label="Examples">
          {examples.map((example) => (
            <li key={example}>
              <button type="button" aria-pressed={example === value} onClick={() => onChange(example)}>
                {example}
              </button>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}
