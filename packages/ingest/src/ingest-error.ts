/** what went wrong -> one line for the person at the keyboard, and the exit code of the command */

/** Exit codes of the command, by what has to be put right. */
export const exitCodes = {
  /** Something unforeseen. */
  failure: 1,
  /** The command line or an option. */
  usage: 2,
  /** The index: its server, its password, its disk, its model. */
  index: 3,
  /** Something to read: a file, a folder, standard input. */
  source: 4,
  /** The API refused: the key, the model, or for too long. */
  api: 5,
  /** The run went through, and something of it needs attention: refused chunks, faults that `verify` found. */
  attention: 6,
  /** The queue: Redis. */
  queue: 7,
  /** Stopped by a signal, with all that was paid for written. */
  stopped: 130,
} as const;

/** What has to be put right. */
export type ExitKind = keyof typeof exitCodes;

/** An error that a user can fix. The message is one line and says what to do. */
export class IngestError extends Error {
  override name = "IngestError";
  readonly kind: ExitKind;

  constructor(kind: ExitKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }

  /** The code with which the command ends. */
  get exitCode(): number {
    return exitCodes[this.kind];
  }
}
