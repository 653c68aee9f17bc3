import type { Expression } from '../dialect/tree.ts';
import { walkExpression } from '../dialect/walk.ts';
import { knownNumber, substituteLocals } from '../frames/fold.ts';
import { localName, printExpression } from '../frames/printExpression.ts';

/** What is known of an expression on a path: its number, or that it is not 0. */
export type Fact = number | 'not 0';

/** Facts by the text of the expression (a local or a test), with the locals that it reads. */
export type Facts = ReadonlyMap<string, { readonly fact: Fact; readonly reads: readonly number[] }>;

/** What is known of a local. */
export function factOf(local: number, facts: Facts): Fact | undefined {
  return facts.get(localName(local))?.fact;
}

/** The facts after a local took a new value, of which `fact` is known. */
export function assigned(local: number, fact: Fact | undefined, facts: Facts): Facts {
  const stale = [...facts].filter(([, { reads }]) => reads.includes(local));
  if (stale.length === 0 && fact === undefined) return facts;
  const changed = new Map(facts);
  for (const [text] of stale) changed.delete(text);
  if (fact !== undefined) changed.set(localName(local), { fact, reads: [local] });
  return changed;
}

/** The facts about what is read again. */
export function factsAbout(facts: Facts, isRead: (local: number) => boolean): Facts {
  return new Map([...facts].filter(([, { reads }]) => reads.every(isRead)));
}

/** Whether a test holds on a path; `undefined` if that is not known. */
export function decide(test: Expression, facts: Facts): boolean | undefined {
  const fact = facts.get(printExpression(test))?.fact;
  if (fact !== undefined) return fact !== 0;
  if (test.kind === 'unary' && test.operator === '!') {
    const inner = decide(test.operand, facts);
    return inner === undefined ? undefined : !inner;
  }
  const comparison = comparisonWithNumber(test);
  if (comparison?.number === 0 && factOf(comparison.local, facts) === 'not 0') return !comparison.equal;
  const known = knownNumber(
    substituteLocals(test, (local) => {
      const value = factOf(local, facts);
      return typeof value === 'number' ? { kind: 'number', value } : undefined;
    }),
  );
  return known === undefined ? undefined : known !== 0;
}

/** What a path knows besides, once a test has come out as `outcome`. */
export function learn(test: Expression, outcome: boolean, facts: Facts): Facts {
  if (test.kind === 'unary' && test.operator === '!') return learn(test.operand, !outcome, facts);
  if (test.kind === 'logical' && outcome === (test.operator === '&&')) {
    return learn(test.right, outcome, learn(test.left, outcome, facts));
  }
  const learnt = new Map(facts).set(printExpression(test), {
    fact: outcome ? 'not 0' : 0,
    reads: readsOf(test),
  });
  const comparison = comparisonWithNumber(test);
  if (comparison === undefined) return learnt;
  const { local, number, equal } = comparison;
  if (equal === outcome) return learnt.set(localName(local), { fact: number, reads: [local] });
  return number === 0 ? learnt.set(localName(local), { fact: 'not 0', reads: [local] }) : learnt;
}

/** What is known both ways; `one` itself if it knows no more. */
export function commonFacts(one: Facts, other: Facts): Facts {
  const common = new Map(one);
  for (const [text, { fact, reads }] of one) {
    const against = other.get(text)?.fact;
    if (against === fact) continue;
    if (against === undefined || fact === 0 || against === 0) common.delete(text);
    else if (fact !== 'not 0') common.set(text, { fact: 'not 0', reads });
  }
  const changed = [...one].some(([text, { fact }]) => common.get(text)?.fact !== fact);
  return changed ? common : one;
}

/** Whether no execution can have come both ways: they know different things of the same expression. */
export function contradict(one: Facts, other: Facts): boolean {
  for (const [text, { fact }] of one) {
    const against = other.get(text)?.fact;
    if (against === undefined || against === fact) continue;
    if ((fact !== 'not 0' && against !== 'not 0') || fact === 0 || against === 0) return true;
  }
  return false;
}

function readsOf(expression: Expression): number[] {
  const reads: number[] = [];
  walkExpression(expression, (part) => {
    if (part.kind === 'local') reads.push(part.local);
  });
  return reads;
}

interface Comparison {
  readonly local: number;
  readonly number: number;
  readonly equal: boolean;
}

function comparisonWithNumber(test: Expression): Comparison | undefined {
  if (test.kind !== 'binary' || (test.operator !== '===' && test.operator !== '!==')) return undefined;
  const equal = test.operator === '===';
  for (const [one, other] of [
    [test.left, test.right],
    [test.right, test.left],
  ] as const) {
    if (one.kind === 'local' && other.kind === 'number')
      return { local: one.local, number: other.value, equal };
  }
  return undefined;
}
