import type { ScopeStep } from '../dialect/scope.ts';
import type { FunctionDeclaration, TestMark } from '../dialect/source.ts';
import type { Expression, Statement } from '../dialect/tree.ts';
import { isLeaf } from '../dialect/walk.ts';

/** Local functions that a counted tree calls: where a function begins, and with what a test came out as, which it hands on. */
const ENTERED = '$entered';
const TESTED = '$tested';

/** Whoever is told of points by their number. */
export interface Counter {
  entered(point: number): void;
  tested(point: number, value: number | boolean): number | boolean;
}

/** What a scope needs besides its own for counted trees. */
export function countingSteps(counter: Counter): ReadonlyMap<string, ScopeStep> {
  return new Map<string, ScopeStep>([
    [ENTERED, { kind: 'local', step: (_machine, point: number) => counter.entered(point) }],
    [
      TESTED,
      {
        kind: 'local',
        handsOn: 1,
        step: (_machine, point: number, value: number) => Number(counter.tested(point, value)),
      },
    ],
  ]);
}

/**
 * The body of a function, telling of its beginning as point `first`, and of its tests as the points that follow.
 * @throws {Error} if the tests of the tree are not those that were read
 */
export function countedBody(declaration: FunctionDeclaration, first: number): readonly Statement[] {
  const { line, body, tests, name } = declaration;
  const counting = new Counting(tests, first, line);
  const statements = counting.statements(body);
  if (!counting.isComplete) throw new Error(`${name}: its tree has other tests than its text`);
  return [{ kind: 'evaluate', value: counting.call(ENTERED, []), line }, ...statements];
}

/** Goes through a tree in the order in which its tests were read. */
class Counting {
  private readonly tests: readonly TestMark[];
  private readonly first: number;
  private readonly line: number;
  private read = 0;

  constructor(tests: readonly TestMark[], first: number, line: number) {
    this.tests = tests;
    this.first = first;
    this.line = line;
  }

  get isComplete(): boolean {
    return this.read === this.tests.length;
  }

  call(name: string, args: readonly Expression[], point: number = this.first): Expression {
    const number: Expression = { kind: 'number', value: point };
    return { kind: 'call', name, suspends: false, arguments: [number, ...args], line: this.line };
  }

  statements(statements: readonly Statement[]): Statement[] {
    return statements.map((statement) => this.statement(statement));
  }

  private statement(statement: Statement): Statement {
    switch (statement.kind) {
      case 'assign':
      case 'evaluate':
        return { ...statement, value: this.expression(statement.value) };
      case 'if': {
        const test = this.test('if', statement.test);
        const consequent = this.statements(statement.consequent);
        return { ...statement, test, consequent, alternate: this.statements(statement.alternate) };
      }
      case 'loop': {
        const test = statement.test === null ? null : this.test('loop', statement.test);
        const update = this.statements(statement.update);
        return { ...statement, test, update, body: this.statements(statement.body) };
      }
      case 'return':
        return statement.value === null
          ? statement
          : { ...statement, value: this.expression(statement.value) };
      case 'break':
      case 'continue':
        return statement;
    }
  }

  /** What is decided on. A literal decides nothing. */
  private test(kind: TestMark['kind'], test: Expression): Expression {
    if (test.kind === 'number' || test.kind === 'boolean') return test;
    if (this.tests[this.read]?.kind !== kind) this.read = Number.NaN;
    const point = this.first + 1 + this.read;
    this.read++;
    return this.call(TESTED, [this.expression(test)], point);
  }

  private expression(expression: Expression): Expression {
    if (isLeaf(expression)) return expression;
    switch (expression.kind) {
      case 'unary':
        return { ...expression, operand: this.expression(expression.operand) };
      case 'binary': {
        const left = this.expression(expression.left);
        return { ...expression, left, right: this.expression(expression.right) };
      }
      case 'logical': {
        const left = this.test(expression.operator, expression.left);
        return { ...expression, left, right: this.expression(expression.right) };
      }
      case 'conditional': {
        const test = this.test('?:', expression.test);
        const consequent = this.expression(expression.consequent);
        return { ...expression, test, consequent, alternate: this.expression(expression.alternate) };
      }
      case 'call':
        return {
          ...expression,
          arguments: expression.arguments.map((argument) => this.expression(argument)),
        };
    }
  }
}
