import { isDeclared, type Program, type PropertyName, type Scheme } from '../../litmus/index.ts';
import type { ConditionResult, TestResult } from '../../litmus/output/index.ts';

/** What a test breaks, and a smaller one has to break as well. */
export type Target =
  | { readonly kind: 'property'; readonly property: PropertyName }
  | { readonly kind: 'condition'; readonly conditionKind: ConditionResult['kind'] };

/** Conditions that one execution breaks; the others are broken by there being none. */
const BROKEN_BY_ONE: readonly ConditionResult['kind'][] = ['assert', 'always', 'finally', 'never'];

/** The first thing that some execution of a test broke; null if none broke anything. */
export function targetOf(
  { violations, conditions }: TestResult,
  program: Program,
  scheme: Scheme,
): Target | null {
  const violation = violations.find(({ property }) => !isDeclared(property, program, scheme));
  if (violation !== undefined) return { kind: 'property', property: violation.property };
  const condition = conditions.find(({ kind, holds }) => !holds && BROKEN_BY_ONE.includes(kind));
  return condition === undefined ? null : { kind: 'condition', conditionKind: condition.kind };
}

/** Whether a result breaks what is to be broken, undeclared. */
export function breaksTarget(
  { verdict, violations, conditions }: TestResult,
  target: Target,
  program: Program,
  scheme: Scheme,
): boolean {
  if (verdict !== 'violated') return false;
  switch (target.kind) {
    case 'property':
      return (
        violations.some(({ property }) => property === target.property) &&
        !isDeclared(target.property, program, scheme)
      );
    case 'condition':
      return conditions.some(({ kind, holds }) => kind === target.conditionKind && !holds);
  }
}
