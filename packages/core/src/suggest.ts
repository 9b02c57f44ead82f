/** An unknown name -> a sentence for the error that says which name was probably meant. */

/** The names that other integrations use for our options, in lower case, where they do not look like ours. */
const elsewhere: Record<string, string> = {
  ...{ similaritytopk: "topN", k: "topN", n: "topN", limit: "topN", minscore: "scoreThreshold" },
  ...{ key: "apiKey", url: "baseURL", basepath: "baseURL", endpoint: "baseURL", host: "baseURL" },
  ...{ chunksize: "batchSize", onfailedattempt: "onRetry" },
  ...{ prompt: "profile", queryprefix: "profile", instruction: "task", relevancescorekey: "scoreKey" },
};

/** Options that other integrations, or another class of ours, have and this class does not. */
const sentences: Record<string, string> = {
  stripnewlines: "texts go out as they are: replace newlines before you embed",
  maxchunksperdoc: "documents are ranked whole: split them before you rank",
  returndocuments: "every result has its document",
  configuration:
    "its `baseURL`, `defaultHeaders` and `fetch` are the options `baseURL`, `headers` and `fetch` here",
  organization: "put what a gateway asks for into `headers`",
  inputtype: "whether a text is a query follows from the method that you call",
  topn: "it is an option of rerankers",
  topk: "it would be `topN`, an option of rerankers",
};

/** A sentence for the end of an error, or `undefined`. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  const meant = findMeant(name.toLowerCase(), known);
  return meant === undefined ? sentences[name.toLowerCase()] : `did you mean \`${meant}\`?`;
}

function findMeant(name: string, known: readonly string[]): string | undefined {
  const find = (isMeant: (small: string) => boolean) => known.find((one) => isMeant(one.toLowerCase()));
  return (
    known.find((one) => one === elsewhere[name]) ??
    find((one) => distance(one, name) <= Math.min(3, name.length / 3)) ??
    find((one) => (name.length > 3 && one.includes(name)) || (one.length > 4 && name.includes(one)))
  );
}

/** Levenshtein distance: how many letters must be added, removed or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] as number) + Number(letter !== other);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
