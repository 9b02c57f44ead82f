import { describe, expect, test } from "vitest";
import type { ChatMessage } from "./arguments.ts";
import { best, readMessages } from "./extract.ts";

const user = (content: string): ChatMessage => ({ role: "user", content });

describe("the question of a chat", () => {
  test("is the line with its label, as LlamaIndex's prompt has it", () => {
    const prompt = [
      "Context information is below.\n---------------------\nTea is hot. Is it? Ice is cold.\n---------------------",
      "Given the context information and not prior knowledge, answer the query.\nQuery: How hot is tea?\nAnswer:",
    ].join("\n");
    const { question, context } = readMessages([user(prompt)]);
    expect(question).toBe("How hot is tea?");
    expect(context).toContain("Tea is hot.");
    expect(context.join(" ")).not.toContain("How hot is tea?");
  });

  test("is the last question of the last user message, its context wherever it stands", () => {
    const { question, context } = readMessages([
      { role: "system", content: "Ice is cold." },
      user("What is ice?"),
      { role: "assistant", content: "Ice is warm." },
      user("Tea is hot.\nWhat is tea?"),
    ]);
    expect(question).toBe("What is tea?");
    expect(context).toEqual(["Ice is cold.", "What is ice?", "Tea is hot."]);
  });

  test.each([
    ["LangChain's rlm/rag-prompt", "Question: How hot is tea? \nContext: Tea is hot. Ice is cold. \nAnswer:"],
    [
      "LangChain's rlm/rag-prompt with its instructions",
      "You are an assistant for question-answering tasks. Use the following pieces of retrieved context to answer the question. If you don't know the answer, just say that you don't know. Use three sentences maximum and keep the answer concise.\nQuestion: How hot is tea? \nContext: Tea is hot. Ice is cold. \nAnswer:",
    ],
    [
      "the AI SDK's cookbook",
      "Answer the following question based only on the provided context:\n  Tea is hot. Ice is cold.\n\n  Question: How hot is tea?",
    ],
    [
      "a question below its label",
      "CONTEXT:\nTea is hot. Ice is cold.\n\nUSER QUESTION:\nHow hot is tea?\n\nANSWER:",
    ],
    [
      "a question that is no question",
      "Question:\nHow hot is tea?\nContext:\nTea is hot. Ice is cold.\nHelpful Answer:",
    ],
    ["one line", "Context: Tea is hot. Ice is cold. Question: How hot is tea?"],
    ["tags", "<context>\nTea is hot. Ice is cold.\n</context>\n\nQuestion: How hot is tea?"],
    ["tags on one line", "<context>Tea is hot. Ice is cold.</context>\nHow hot is tea?"],
    [
      "LlamaIndex's rules",
      "Context information is below.\n-----\nTea is hot. Ice is cold.\n-----\nQuery: How hot is tea?\nAnswer:",
    ],
  ])("and its context are told from their labels: %s", (_, prompt) => {
    expect(readMessages([user(prompt)])).toEqual({
      question: "How hot is tea?",
      context: ["Tea is hot.", "Ice is cold."],
    });
  });

  test.each([
    [
      "LangChain's createRetrievalChain",
      "You are an assistant for question-answering tasks. Use the following pieces of retrieved context to answer the question. If you don't know the answer, say that you don't know. Use three sentences maximum and keep the answer concise.\n\nTea is hot. Ice is cold.",
    ],
    [
      "LangChain's createStuffDocumentsChain",
      "Answer the user's questions based on the below context:\n\nTea is hot. Ice is cold.",
    ],
    ["tags", "Answer the user's question.\n<context>\nTea is hot. Ice is cold.\n</context>"],
  ])("and its context may be two messages: %s", (_, content) => {
    const { question, context } = readMessages([{ role: "system", content }, user("How hot is tea?")]);
    expect(question).toBe("How hot is tea?");
    expect(context).toEqual(["Tea is hot.", "Ice is cold."]);
  });

  test("what a document says of questions, contexts and answers stays in the context", () => {
    const text =
      "The context window is long. Answer the phone. You are a guest here. Use two spoons. Sources: the archive.";
    expect(readMessages([{ role: "system", content: text }, user("Why?")]).context.join(" ")).toBe(text);
  });

  test("is the last line when nothing asks", () => {
    expect(readMessages([user("Tea is hot.\ntell me about tea")]).question).toBe("tell me about tea");
  });

  test("is empty, and so is the context, when there is no user", () => {
    expect(readMessages([{ role: "assistant", content: null }])).toEqual({ question: "", context: [] });
  });
});

test("of a context without end only the beginning is read", () => {
  const { context } = readMessages([
    { role: "system", content: "x".repeat(150_000) },
    user(`${"y".repeat(150_000)}\nWhat?`),
  ]);
  expect(context.map((sentence) => sentence.length)).toEqual([150_000, 50_000]);
});

test("the best sentences stand in their own order, without those that are far from the best", () => {
  expect(best(["a", "b", "c", "d"], [0.8, 0.1, 0.7, 0.9])).toEqual(["a", "c", "d"]);
  expect(best(["a", "b"], [0.2, 0.9])).toEqual(["b"]);
});
