/** a question and the best passages -> an answer from them alone, and the passages that it uses */
import type { Finding } from "./finding.ts";
import type { Service } from "./service.ts";

export interface Answer {
  text: string;
  /** Numbers and names of the passages that the answer cites as [n] or quotes word for word. */
  sources: string[];
  /** Tokens of the prompt and the answer, as the API counts them. */
  tokens: number;
}

/** @returns undefined when there is no model to answer with */
export async function answerFrom(
  question: string,
  passages: Finding[],
  { together, chatModel }: Service,
): Promise<Answer | undefined> {
  if (!chatModel) return undefined;
  // Heading marks are removed, because a model that quotes would quote them too.
  const texts = passages.map(({ text }) => text.replace(/^#+ /gm, ""));
  const context = passages.map(({ source }, index) => `[${index + 1}] ${source}\n\n${texts[index]}`);
  const instruction = "Answer in a sentence or two from these passages alone, and cite them as [1], [2] …";
  const completion = await together.chat.completions.create({
    model: chatModel,
    messages: [
      { role: "system", content: instruction },
      { role: "user", content: `${context.join("\n\n")}\n\nQuestion: ${question}` },
    ],
  });
  const text = completion.choices[0]?.message?.content?.trim() || "(The model gave no text.)";
  const sources = passages.flatMap(({ source }, index) => {
    const isUsed = text.includes(`[${index + 1}]`) || isQuoted(texts[index] ?? "", text);
    return isUsed ? [`[${index + 1}] ${source}`] : [];
  });
  return { text, sources, tokens: completion.usage?.total_tokens ?? 0 };
}

/** Whether the passage contains a sentence of the answer, or eight of its words in a row. */
function isQuoted(passage: string, answer: string): boolean {
  const flat = passage.replace(/\s+/g, " ");
  const sentences = answer.split(/\n+|(?<=[.!?:])\s+/).filter((sentence) => /\S+\s+\S+\s+\S/.test(sentence));
  const words = answer.split(/\s+/);
  const runs = words.slice(7).map((_, at) => words.slice(at, at + 8).join(" "));
  return [...sentences, ...runs].some((quote) => flat.includes(quote.trim()));
}
