import { type Diagnostic, errorAt } from '../source/diagnostic.ts';
import { LIMITS } from '../source/limits.ts';
import { suggest } from '../source/nearestName.ts';
import type { Span } from '../source/span.ts';

/** Collects what is wrong while a test is resolved. */
export class Report {
  readonly errors: Diagnostic[] = [];

  /** Reports an error and returns null, so that a resolver can end with it. */
  error(span: Span, message: string, hint: string): null {
    this.errors.push(errorAt(span, message, hint));
    return null;
  }

  /** A hint as `suggest` gives it; once there are more errors than anybody is shown, without the search. */
  suggest(written: string, candidates: Iterable<string>, otherwise: string): string {
    return this.errors.length < LIMITS.reportedErrors ? suggest(written, candidates, otherwise) : otherwise;
  }
}
