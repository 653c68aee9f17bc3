import type { Branch, ResolvedAssert, ResolvedOperation, ResolvedStatement } from '../../litmus/index.ts';

/** Where a thread stands: what it does at its next turn, or what it waits for. */
export type Stop =
  | { readonly kind: 'operation'; readonly operation: ResolvedOperation }
  | { readonly kind: 'fork'; readonly branch: Branch }
  /** All branches of a row begin; no operation. */
  | { readonly kind: 'start'; readonly branches: readonly Branch[] }
  /** Waits until all branches of a row have ended. */
  | { readonly kind: 'join'; readonly branches: readonly Branch[] }
  | { readonly kind: 'assert'; readonly assert: ResolvedAssert };

/** What a thread does, one after the other. */
export function* threadText(body: readonly ResolvedStatement[]): Generator<Stop, void> {
  for (const statement of body) {
    switch (statement.kind) {
      case 'operation':
        yield { kind: 'operation', operation: statement };
        break;
      case 'assert':
        yield { kind: 'assert', assert: statement };
        break;
      case 'repeat':
        for (let round = 0; round < statement.count; round++) yield* threadText(statement.body);
        break;
      case 'row': {
        const { branches } = statement;
        for (const branch of branches) if (branch.kind === 'fork') yield { kind: 'fork', branch };
        yield { kind: 'start', branches };
        yield { kind: 'join', branches };
        break;
      }
    }
  }
}
