/** Why a kernel source is not in the dialect, and where. */
export interface Refusal {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Thrown when sources are refused: all the reasons found, in order of the files and lines. */
export class DialectError extends Error {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(formatRefusal).join('\n'));
    this.name = 'DialectError';
    this.refusals = refusals;
  }
}

/** `file:line: message`, as editors and terminals link it. */
export function formatRefusal(refusal: Refusal): string {
  return `${refusal.file}:${refusal.line}: ${refusal.message}`;
}
