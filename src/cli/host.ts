/** What the command line needs of the world around it, so that tests can stand in for it. */
export interface Host {
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /**
   * All that comes from standard input (`-`), or from a file that is no plain one, as text.
   * @throws {Interruption} if the user asks to stop meanwhile
   */
  readInput(path: string): Promise<string>;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the user has asked to stop (SIGINT, SIGTERM). */
  readonly isInterrupted: boolean;
  /** Lets signals and output through. */
  breathe(): Promise<void>;
}
