/** chat messages -> a question and the sentences of its context -> the best of them as an answer */
import type { ChatMessage } from "./arguments.ts";
import { sentences } from "./sentences.ts";

/** How many sentences an answer holds, and of how many the first are looked at, in how many characters of the context. */
const answerSentences = 3;
const maxSentences = 500;
const maxCharacters = 200_000;

/** A sentence whose score is under this share of the best one's is left out. */
const nearBest = 0.75;

/** Said before every answer, so that nobody takes it for a language model's. */
export const preface = "From the given context, word for word (no language model runs here):";
export const noContext =
  "No context was given to answer from (no language model runs here: answers are sentences of the context).";

export interface Asked {
  question: string;
  /** Sentences of the messages, in order, without the question. */
  context: string[];
}

const label = /^\s*(?:question|query|user question|input)\s*:\s*/i;

/** Sentences that tell a model what to do, as the frames of prompts have them: they answer nothing. */
const instruction = new RegExp(
  [
    "^you are an? [^.]*\\b(?:assistant|expert|bot)\\b",
    "^(?:please )?(?:use|answer|respond|reply|check)\\b[^.]*\\b(?:context|question|query|knowledge base|tool calls)",
    "^(?:only|just) (?:respond|answer|say)\\b",
    "^use \\w+ sentences",
    "^keep (?:the|your) answers?\\b",
    "^if you (?:don['’]t|do not) know the answer",
    "^if the context (?:isn['’]t|is not|does)",
    "^given the (?:new )?(?:context|information)\\b",
    "^we have (?:provided an existing answer|the opportunity to refine)",
  ].join("|"),
  "i",
);

/**
 * Takes the messages apart. The question is the last line of the last user message that ends in a question mark or
 * begins with `Question:` or `Query:`, or else that message's last line that says something.
 */
export function readMessages(messages: ChatMessage[]): Asked {
  const last = messages.findLastIndex(({ role }) => role === "user");
  const lines = onLinesOfTheirOwn(textOf(messages[last])).split("\n");
  const asked = lines.findLastIndex((line) => label.test(line) && line.replace(label, "").trim() !== "");
  const marked = asked >= 0 ? asked : lines.findLastIndex((line) => /\?\s*$/.test(line));
  const at = marked >= 0 ? marked : lines.findLastIndex((line) => /[\p{L}\p{N}]/u.test(line));
  const question = (lines[at] ?? "").replace(label, "").trim();
  const rest = messages.flatMap((message, index) => {
    if (message.role === "assistant") return [];
    return index === last ? lines.toSpliced(at, 1).join("\n") : onLinesOfTheirOwn(textOf(message));
  });
  const context = beginnings(rest)
    .flatMap(sentences)
    .filter((sentence) => sentence !== question && !instruction.test(sentence));
  return { question, context: [...new Set(context)].slice(0, maxSentences) };
}

/**
 * Sets labels apart from what they label, and takes out what only marks the context: `Context:`, `<context>`, rules of dashes, the line
 * that announces it, the `Answer:` to be filled in, and our own preface where an earlier answer is to be refined.
 */
function onLinesOfTheirOwn(text: string): string {
  return text
    .replaceAll(preface, "\n")
    .replace(/<\/?(?:context|documents?|original-text|question|query)>/gi, "\n")
    .replace(/(?:The original query is as follows|We have provided an existing answer): */g, (frame) =>
      frame.includes("query") ? "\nQuery: " : "\n",
    )
    .replace(/(^|\s)((?:User )?Question|Query|(?:USER )?QUESTION) *:\s*/g, "\n$2: ")
    .replace(
      /(^|\s)Context information(?: from multiple sources)?(?: is below\.?)? *:?(?=[ \t]*(?:\n|$))/gm,
      "\n",
    )
    .replace(/(^|\s)(?:(?:Refined |Helpful )?Answer|ANSWER|Context|CONTEXT) *:[ \t]*/g, "\n")
    .replace(/^[-=]{3,} *$/gm, "\n")
    .split("\n")
    .map(withoutAnnouncement)
    .join("\n");
}

/** Without the last sentence of a line that only announces the context: "Answer from the context below:". */
function withoutAnnouncement(line: string): string {
  if (line.length > 400 || !line.trimEnd().endsWith(":")) return line;
  const start = Math.max(...[". ", "! ", "? "].map((end) => line.lastIndexOf(end))) + 1;
  const announces = /\b(?:context|documents?|passages?|sources?|excerpts?)\b/i.test(line.slice(start));
  return announces ? `${line.slice(0, start)}\n` : line;
}

/** The texts up to so many characters in all: this runs where the server answers. */
function beginnings(texts: string[]): string[] {
  let room = maxCharacters;
  return texts.map((text) => {
    const start = text.slice(0, room);
    room -= start.length;
    return start;
  });
}

/** The best sentences by score, in their own order. */
export function best(context: string[], scores: number[]): string[] {
  const ranked = scores.map((score, index) => ({ score, index })).sort((a, b) => b.score - a.score);
  const top = ranked[0]?.score ?? 0;
  return ranked
    .slice(0, answerSentences)
    .filter(({ score }) => score >= top * nearBest)
    .sort((a, b) => a.index - b.index)
    .map(({ index }) => context[index] ?? "");
}

/** The texts of a message; pictures and sounds have none. */
export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content;
  if (typeof content === "string") return content;
  return (content ?? []).flatMap((part) => (part.type === "text" ? [String(part.text)] : [])).join("\n");
}
