/** The words of a refusal -> the most items that the server accepts in one request, if they name a number. */

/** Words about the number of items, not about the tokens or characters of one item. */
const OF_ITEMS = /batch|items|texts|inputs|documents|array|list|elements|entries/i;
const OF_LENGTH = /token|character|bytes|context|sequence/i;
/** "maximum allowed batch size 32", "at most 96 - received 104", "should not be larger than 10". */
const MOST =
  /(?:max(?:imum)?|at most|(?:larger|greater|more|longer) than|exceeds?|up to|limit)\b\D{0,40}?(\d+)/gi;

/** @param sent How many items were in the refused request. The limit must be lower. */
export function itemLimitIn(words: string, sent: number): number | undefined {
  if (!OF_ITEMS.test(words) || OF_LENGTH.test(words)) return undefined;
  const numbers = [...words.matchAll(MOST)].map(([, digits]) => Number(digits));
  return numbers.find((number) => number >= 1 && number < sent);
}
