/** A name that nobody knows -> the name that was probably meant. */

/** What other integrations call our options, in small letters; an empty name stands for what we have no option for. */
const elsewhere: Record<string, string> = {
  ...{ topk: "topN", top_n: "topN", modelname: "model", modelid: "model", timeout: "timeoutMs" },
  ...{ togetheraiapikey: "apiKey", key: "apiKey", url: "baseURL", endpoint: "baseURL", host: "baseURL" },
  ...{ embedbatchsize: "batchSize", chunksize: "batchSize", concurrency: "maxConcurrency" },
  ...{ prompt: "profile", queryprefix: "profile", instruction: "task", relevancescorekey: "scoreKey" },
};

/** Words to end an error with, or none. */
export function suggest(name: string, known: readonly string[]): string {
  const small = name.toLowerCase();
  if (small === "stripnewlines") return ". Texts go out as they are: replace newlines before you embed";
  const meant =
    known.find((one) => one.toLowerCase() === small.replaceAll("_", "")) ??
    known.find((one) => one === elsewhere[small]) ??
    known.find((one) => distance(one.toLowerCase(), small) <= Math.min(3, small.length / 3));
  return meant === undefined ? "" : `. Did you mean \`${meant}\`?`;
}

/** Levenshtein's: how many letters have to be added, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] as number) + Number(letter !== b[j]);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
