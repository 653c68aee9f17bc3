import * as v from 'valibot';
import type { OutputDocument } from './document.ts';
import { documentSchema } from './schema.ts';

export type Validation =
  | { readonly document: OutputDocument }
  /** One line each: where in the document, and what is wrong there; never empty. */
  | { readonly errors: readonly string[] };

/** Holds parsed JSON against the output's schema. */
export function validateDocument(json: unknown): Validation {
  const parsed = v.safeParse(documentSchema, json);
  if (parsed.success) {
    return { document: parsed.output };
  }
  return {
    errors: parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the document'}: ${issue.message}`),
  };
}
