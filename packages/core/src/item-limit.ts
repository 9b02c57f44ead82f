/** The words of a refusal -> the most items that the server takes in one request, if they name a number. */

/** Words of many things, not of the tokens or characters of one. */
const OF_ITEMS = /batch|items|texts|inputs|documents|array|list|elements|entries/i;
const OF_LENGTH = /token|character|bytes|context|sequence/i;
/** "maximum allowed batch size 32", "at most 96 - received 104", "should not be larger than 10". */
const MOST =
  /(?:max(?:imum)?|at most|(?:larger|greater|more|longer) than|exceeds?|up to|limit)\b\D{0,40}?(\d+)/gi;

/** @param sent How many items were refused: a limit is below it. */
export function itemLimitIn(words: string, sent: number): number | undefined {
  if (!OF_ITEMS.test(words) || OF_LENGTH.test(words)) return undefined;
  const numbers = [...words.matchAll(MOST)].map(([, digits]) => Number(digits));
  return numbers.find((number) => number >= 1 && number < sent);
}
