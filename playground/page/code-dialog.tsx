/** what is on the screen -> the program that finds the same, to copy and to read */
import { useEffect, useMemo, useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { type OnScreen, packages, programFor } from "./program.ts";

export function CodeDialog({ screen, onClose }: { screen: OnScreen; onClose: () => void }) {
  // The program of the moment when the dialog was opened. A later answer must not change what is copied.
  const code = useMemo(() => programFor(screen), []);
  const [copied, setCopied] = useState<"yes" | "no">();
  const copy = () =>
    navigator.clipboard.writeText(code).then(
      () => setCopied("yes"),
      () => setCopied("no"),
    );
  useEffect(() => void copy(), []);
  return (
    <Dialog title="This search as a program" onClose={onClose}>
      <p role="status">
        {copied === "yes" && (
          <>
            <strong>Copied.</strong> Save it as <code>search.mts</code>, then:
          </>
        )}
        {copied === "no" &&
          "The browser does not let the page write to the clipboard: select the text below."}
      </p>
      <pre class="command">
        npm install {packages[screen.request.framework].join(" ")} &amp;&amp; npx tsx search.mts
      </pre>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
      <section class="code" tabIndex={0} aria-label="The program">
        <pre>
          <code>{code}</code>
        </pre>
      </section>
      <button type="button" class="primary" onClick={() => void copy()}>
        Copy again
      </button>
    </Dialog>
  );
}
