/** the question, and some to begin with */
import type { RefObject } from "preact";

export interface QuestionProps {
  value: string;
  examples: string[];
  input: RefObject<HTMLInputElement | null>;
  onChange: (value: string) => void;
  onSubmit: () => void;
}

export function Question({ value, examples, input, onChange, onSubmit }: QuestionProps) {
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
          // biome-ignore lint/a11y/noAutofocus: the page is this one field; nothing stands before it that would be skipped
          autoFocus
          placeholder="Ask the documentation…"
          enterKeyHint="search"
          onInput={(event) => onChange(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              event.preventDefault();
              document.querySelector<HTMLElement>("[data-list] button")?.focus();
            }
          }}
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </form>
      {!value && (
        <ul class="examples" aria-label="Examples">
          {examples.map((example) => (
            <li key={example}>
              <button type="button" onClick={() => onChange(example)}>
                {example}
              </button>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}
