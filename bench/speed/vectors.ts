/** A text -> the vector and the score that only this server gives it, so that both sides know what is right. */

/** Enough that a vector at a wrong place shows, few enough that all answers are written before the first request. */
export const DISTINCT = 512;

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return (state ^ (state >>> 15)) >>> 0;
}

/** Which of the distinct vectors is the text's. */
export function slotOf(text: string): number {
  return hash(text) % DISTINCT;
}

/** From -1 to 1. */
export function scoreOf(document: string): number {
  return hash(document) / 2 ** 31 - 1;
}

/** All distinct vectors: float32, so that base64 carries them exactly; as small as the numbers of a unit vector are. */
export function makeVectors(dimensions: number): Float32Array[] {
  let state = 0x2545f491;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const spread = Math.sqrt(3 / dimensions);
  return Array.from({ length: DISTINCT }, () =>
    Float32Array.from({ length: dimensions }, () => (random() + random() + random() + random() - 2) * spread),
  );
}
