import {
  type AssertStatement,
  type Condition,
  parse,
  type Scheme,
  type Span,
  type Statement,
} from '../../src/litmus/index.ts';

/** A condition or assert of a test that every execution has to meet. */
export interface StrictCondition {
  readonly text: string;
  readonly schemes: readonly Scheme[];
  /** Of what it asks. */
  readonly span: Span;
}

/** All of a test's but `exists`, which one execution need not meet. */
export function conditionsOf(source: string): readonly StrictCondition[] {
  const { items } = parse(source).file;
  const found: (Condition | AssertStatement)[] = [];
  for (const item of items) {
    if (item.kind === 'process') found.push(...assertsIn(item.body.statements));
    else if (item.kind === 'condition' && item.conditionKind !== 'exists') found.push(item);
  }
  return found.map(({ span, scheme, expression }) => ({
    text: source.slice(span.offset, span.offset + span.length),
    schemes: scheme === null ? ['devmap', 'refcount'] : [scheme.scheme],
    span: expression.span,
  }));
}

function assertsIn(statements: readonly Statement[]): AssertStatement[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'assert') return [statement];
    return 'body' in statement ? assertsIn(statement.body.statements) : [];
  });
}

/** The source with one condition turned into its contrary. */
export function negated(source: string, { span }: StrictCondition): string {
  const end = span.offset + span.length;
  return `${source.slice(0, span.offset)}!(${source.slice(span.offset, end)})${source.slice(end)}`;
}
