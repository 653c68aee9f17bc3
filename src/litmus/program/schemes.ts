import type { Scheme } from '../syntax/ast.ts';
import type { PropertyName } from '../vocabulary/properties.ts';
import type { Program } from './program.ts';

/** Whether something that a test says of one scheme, or of both (null), is said of this one. */
export function holdsUnder(
  { scheme: declared }: { readonly scheme: Scheme | null },
  scheme: Scheme,
): boolean {
  return declared === null || declared === scheme;
}

/** Whether the test says that Linux is known to break the property. */
export function isDeclared(property: PropertyName, { hazards }: Program, scheme: Scheme): boolean {
  return hazards.some((hazard) => hazard.property === property && holdsUnder(hazard, scheme));
}
