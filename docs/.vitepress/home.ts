/** The head of the home page. It stands here because the formatter of Markdown spoils YAML. */
export const home = {
  layout: "home",
  hero: {
    name: "together-retrieval",
    text: "Embeddings and reranking that you can leave alone",
    tagline:
      "For LangChain.js and LlamaIndexTS, on Together AI or any server of the same wire. Every vector under its own text, at the speed that the server allows, through rate limits and outages.",
    actions: [
      { theme: "brand", text: "Start in five minutes", link: "/start" },
      { theme: "alt", text: "Which server, which model", link: "/models" },
      { theme: "alt", text: "Reference", link: "/api/" },
    ],
  },
  features: [
    {
      title: "No wrong vector",
      details:
        "Answers are placed by index and checked. A short, repeated, shuffled or broken answer is ordered or refused, never stored.",
      link: "/how-it-works",
    },
    {
      title: "No lost work",
      details:
        "One owner of retries. Rate limits are learned for each model, and an outage of half a minute loses no text.",
      link: "/limits",
    },
    {
      title: "As fast as the server",
      details:
        "Real batches of like length, as many requests as the server takes, base64 on the wire, and queries that do not wait behind a job.",
      link: "/benchmarks/",
    },
    {
      title: "No leaked secret",
      details: "Neither the key nor a text of yours stands in an error, a log, JSON or the console.",
      link: "/threats",
    },
    {
      title: "Your server",
      details:
        "Together, a dedicated endpoint, vLLM, text-embeddings-inference, Infinity, llama.cpp, LiteLLM. A command asks your server what it can do.",
      link: "/models",
    },
    {
      title: "Tested without a key",
      details:
        "A local server with a small real model answers alike, and misbehaves on request, so that your own code can be tested.",
      link: "/testing",
    },
  ],
};
