import type { Span } from '../source/span.ts';
import type { Identifier } from '../syntax/ast.ts';
import { errnoValue } from '../vocabulary/errnos.ts';
import { signalValue } from '../vocabulary/signals.ts';
import type { Report } from './report.ts';

/** What a name that stands for a constant is worth, or null. */
export function constantNamed(name: string): number | null {
  return errnoValue(name) ?? signalValue(name);
}

/** The names of devices and processes: one space for the whole file, so that `x.y` has one meaning. */
export class NameTable {
  private readonly owners = new Map<string, { readonly what: string; readonly span: Span }>();

  /** Takes the name for `what` (`a device`); a second owner is reported. */
  declare(name: Identifier, what: string, report: Report): void {
    const owner = this.owners.get(name.name);
    if (owner !== undefined) {
      const place = `${owner.span.line}:${owner.span.column}`;
      report.error(
        name.span,
        `'${name.name}' is already ${owner.what}`,
        `rename one; the first is at ${place}`,
      );
      return;
    }
    refuseConstantName(name, what, report);
    this.owners.set(name.name, { what, span: name.span });
  }

  /** What the name stands for already, or null. */
  whatIs(name: string): string | null {
    return this.owners.get(name)?.what ?? null;
  }
}

/** Reports a name that expressions would read as an errno or a signal. */
export function refuseConstantName(name: Identifier, what: string, report: Report): void {
  if (constantNamed(name.name) !== null) {
    report.error(name.span, `'${name.name}' is a number in expressions`, `choose another name for ${what}`);
  }
}
