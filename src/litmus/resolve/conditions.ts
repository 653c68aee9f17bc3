import { hazardText } from '../format/callText.ts';
import { expressionText } from '../format/expressionText.ts';
import type { Hazard, ResolvedCondition } from '../program/program.ts';
import type { Condition, HazardDeclaration, TopLevelItem } from '../syntax/ast.ts';
import { isPropertyName, PROPERTIES } from '../vocabulary/properties.ts';
import { resolveExpression } from './expressions.ts';
import type { Scope } from './scope.ts';

/** Resolves all conditions of a file. */
export function resolveConditions(
  items: readonly TopLevelItem[],
  scope: Scope,
): readonly ResolvedCondition[] {
  return items
    .filter((item) => item.kind === 'condition')
    .map((condition) => resolveCondition(condition, scope))
    .filter((condition) => condition !== null);
}

function resolveCondition(condition: Condition, scope: Scope): ResolvedCondition | null {
  const expression = resolveExpression(condition.expression, scope);
  return (
    expression && {
      kind: condition.conditionKind,
      scheme: condition.scheme?.scheme ?? null,
      expression,
      text: expressionText(condition.expression),
      span: condition.span,
    }
  );
}

/** Resolves all hazards of a file. */
export function resolveHazards(items: readonly TopLevelItem[], scope: Scope): readonly Hazard[] {
  return items
    .filter((item) => item.kind === 'hazard')
    .map((hazard) => resolveHazard(hazard, scope))
    .filter((hazard) => hazard !== null);
}

function resolveHazard(hazard: HazardDeclaration, scope: Scope): Hazard | null {
  const { name, span } = hazard.property;
  if (!isPropertyName(name)) {
    const known = Object.keys(PROPERTIES);
    const hint = scope.report.suggest(name, known, `expected one of ${known.join(', ')}`);
    return scope.report.error(span, `unknown property '${name}'`, hint);
  }
  return {
    scheme: hazard.scheme?.scheme ?? null,
    property: name,
    reason: hazard.reason.value,
    text: hazardText(hazard),
    span: hazard.span,
  };
}
