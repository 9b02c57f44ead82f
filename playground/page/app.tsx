/** the server and the address -> the whole page */
import { useEffect, useRef, useState } from "preact/hooks";
import { limits, type SearchRequest, type Settings } from "../wire.ts";
import { CodeDialog } from "./code-dialog.tsx";
import { Controls } from "./controls.tsx";
import { Costs } from "./costs.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { Masthead } from "./masthead.tsx";
import { GoneNotice, IndexNotice } from "./notices.tsx";
import { Question } from "./question.tsx";
import { Results } from "./results.tsx";
import { readAddress, writeAddress } from "./settings.ts";
import { useSearch } from "./use-search.ts";
import { type ServerView, useServer } from "./use-server.ts";
import { useShortcuts } from "./use-shortcuts.ts";

export function App() {
  const server = useServer();
  if (!server.settings) {
    return (
      <main class="page">
        {server.isGone ? <GoneNotice /> : <p class="quiet">Looking for the server…</p>}
      </main>
    );
  }
  return <Playground server={server} settings={server.settings} />;
}

function Playground({ server, settings }: { server: ServerView; settings: Settings }) {
  const [choices, setChoices] = useState(() => readAddress(location.search, settings));
  const [turn, setTurn] = useState(0);
  const [open, setOpen] = useState<"code" | "help">();
  const question = useRef<HTMLInputElement>(null);
  const [isTouched, setTouched] = useState(choices.question !== "");
  const examples = useRef<string[]>([]);
  const index = server.states[choices.embeddingModel];
  if (index?.state === "ready") examples.current = index.examples;
  // A visitor who comes without a question sees the answer to the first example.
  const [example = ""] = examples.current;
  const request = isTouched ? choices : { ...choices, question: example };
  const change = (part: Partial<SearchRequest>) => {
    setChoices((last) => ({ ...last, ...part }));
    if (part.question !== undefined) setTouched(true);
  };

  const model = settings.embeddingModels.find(({ id }) => id === request.embeddingModel);
  // A server that was started anew may offer other models.
  useEffect(() => {
    if (!model) change({ embeddingModel: settings.embeddingModels[0]?.id ?? "" });
  }, [model, settings]);
  useEffect(() => {
    // Not at each key press: browsers fetch the icon again for each address, and refuse too many changes.
    const timer = setTimeout(() => {
      history.replaceState(null, "", `${location.pathname}${writeAddress(request, settings, example)}`);
      document.title = request.question.trim() ? `${request.question} · Playground` : "Retrieval playground";
    }, 200);
    return () => clearTimeout(timer);
  }, [choices, isTouched, example, settings]);

  const isReady = index?.state === "ready";
  const trimmed = request.question.trim();
  // All candidates are ranked at once. The page decides how many to show, without a new request.
  const all = Math.min(request.candidates, limits.topN.max);
  const asked = isReady && trimmed ? { ...request, question: trimmed, topN: all } : undefined;
  const outcome = useSearch(asked, turn + server.visit);

  useEffect(() => {
    if (index?.state === "absent") void fetch(indexPath(request.embeddingModel), { method: "POST" });
  }, [index?.state, request.embeddingModel]);

  const shortcuts = useShortcuts({
    "/": () => question.current?.select(),
    f: () => change({ framework: request.framework === "langchain" ? "llamaindex" : "langchain" }),
    p: () => model?.queryPrompt && change({ prompt: !request.prompt }),
    h: () => change({ hybrid: !request.hybrid }),
    c: () => outcome.candidates && setOpen("code"),
    "?": () => setOpen("help"),
  });

  return (
    <main class="page">
      <Masthead {...{ settings, index }} onHelp={() => setOpen("help")} />
      <Question
        {...{
          value: request.question,
          ...{ examples: examples.current, isExample: !isTouched },
          input: question,
          hasKeys: shortcuts.isOn,
        }}
        onChange={(value) => change({ question: value })}
        onSubmit={() => setTurn((last) => last + 1)}
      />
      <Controls
        {...{ request, settings, change, canCopy: Boolean(outcome.candidates) }}
        onCode={() => setOpen("code")}
      />
      {server.isGone && <GoneNotice />}
      <IndexNotice
        {...{ index, model: request.embeddingModel }}
        onAgain={() => void fetch(indexPath(request.embeddingModel), { method: "POST" })}
      />
      <Costs outcome={outcome} />
      <Results
        {...{ outcome, isReady, topN: request.topN, model: request.embeddingModel, visit: server.visit }}
        answeredBy={settings.service.answeredBy}
        onAgain={() => setTurn((last) => last + 1)}
      />
      {open === "code" && model && outcome.request && outcome.candidates && (
        <CodeDialog
          screen={{
            request: { ...outcome.request, topN: request.topN },
            ...{ model, service: settings.service, candidates: outcome.candidates.hits },
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open === "help" && <HelpDialog shortcuts={shortcuts} onClose={() => setOpen(undefined)} />}
    </main>
  );
}

function indexPath(model: string): string {
  return `/api/indexes/${encodeURIComponent(model)}`;
}
