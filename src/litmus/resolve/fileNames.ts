import type { Thread } from '../program/program.ts';
import type { ResolvedStatement } from '../program/statement.ts';

/** Names of files that the threads' texts have, each once, in the order of the text. */
export function fileNamesOf(threads: readonly Thread[]): readonly string[] {
  const names = new Set<string>();
  const visit = (body: readonly ResolvedStatement[]): void => {
    for (const statement of body) {
      if (statement.kind === 'repeat') visit(statement.body);
      if (statement.kind !== 'operation') continue;
      for (const argument of Object.values(statement.arguments)) {
        if (argument.kind === 'text') names.add(argument.text);
      }
    }
  };
  for (const { body } of threads) visit(body);
  return [...names];
}
