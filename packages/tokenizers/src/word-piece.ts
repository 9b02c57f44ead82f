/** Text -> ids of bert-base-uncased, the same as from Hugging Face's own tokenizers. */

/** Special tokens are looked for in the original text, before it is normalised. */
const SPECIAL = /(\[(?:PAD|UNK|CLS|SEP|MASK)\])/;

/** Words of more characters become `[UNK]`. */
const LONGEST_WORD = 100;

export class WordPiece {
  readonly #ids = new Map<string, number>();
  readonly #pieces: string[];
  readonly #unknown: number;
  readonly #longestPiece: number;

  /** @param vocabulary One piece a line; a piece's line is its id. */
  constructor(vocabulary: string) {
    this.#pieces = vocabulary.trimEnd().split("\n");
    let longest = 0;
    for (const [id, piece] of this.#pieces.entries()) {
      this.#ids.set(piece, id);
      longest = Math.max(longest, piece.length);
    }
    this.#longestPiece = longest;
    this.#unknown = this.#idOf("[UNK]");
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    for (const [at, part] of text.split(SPECIAL).entries()) {
      // Every second part is a match of the pattern.
      if (at % 2 === 1) ids.push(this.#idOf(part));
      else for (const word of wordsOf(part)) this.#addWord(word, ids);
    }
    return ids;
  }

  decode(ids: number[]): string {
    const words = ids.map((id) => this.#pieces[id] ?? "[UNK]").join(" ");
    return words.replaceAll(" ##", "");
  }

  #idOf(piece: string): number {
    return this.#ids.get(piece) ?? this.#unknown;
  }

  /** The longest piece at the word's start, then the longest at the start of the rest, and so on; or `[UNK]` for the whole word. */
  #addWord(word: string, ids: number[]): void {
    const known = this.#ids.get(word);
    // Most words are a single piece.
    if (known !== undefined && word.length <= LONGEST_WORD) {
      ids.push(known);
      return;
    }
    const before = ids.length;
    let start = isLong(word) ? -1 : 0;
    while (start >= 0 && start < word.length) {
      const prefix = start === 0 ? "" : "##";
      let end = Math.min(word.length, start + this.#longestPiece);
      let id: number | undefined;
      while (end > start) {
        id = this.#ids.get(prefix + word.slice(start, end));
        if (id !== undefined) break;
        end--;
      }
      if (id !== undefined) ids.push(id);
      start = id === undefined ? -1 : end;
    }
    if (start >= 0) return;
    ids.length = before;
    ids.push(this.#unknown);
  }
}

function isLong(word: string): boolean {
  return (
    word.length > LONGEST_WORD && (word.length > 2 * LONGEST_WORD || Array.from(word).length > LONGEST_WORD)
  );
}

const CONTROL = /[^\P{Cc}\t\n\r]|[\p{Cf}\p{Co}\p{Cs}\ufffd]/gu;
const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const ACCENT = /\p{Mn}/gu;
const WORD = /[!-/:-@[-`{-~\p{P}]|[^\s\x85!-/:-@[-`{-~\p{P}]+/gu;

/** Lower-case words without accents. Each punctuation mark and each Chinese character is a word. */
function wordsOf(text: string): string[] {
  const plain = text.replace(CONTROL, "").replace(CHINESE, " $& ").normalize("NFD").replace(ACCENT, "");
  return lowerCase(plain).match(WORD) ?? [];
}

/** Character by character, because JavaScript lower-cases a sigma at the end of a word differently. */
function lowerCase(text: string): string {
  return text.replaceAll("Σ", "σ").toLowerCase();
}
