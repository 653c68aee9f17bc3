/**
 * A real kernel could not be had, started or made to answer: exit status 4. The message is one line that says what is
 * wrong and what to do; `details` are lines to show below it, such as the end of a console.
 */
export class LabError extends Error {
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.name = 'LabError';
    this.details = details;
  }
}

/** Where errors about missing programs send their reader. */
export const DOCTOR = '"daxlab kernel doctor" says what is missing and how to install it';
