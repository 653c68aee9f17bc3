import type { Refusal } from '../dialect/refusal.ts';
import type { Expression, Statement } from '../dialect/tree.ts';
import { walkStatements } from '../dialect/walk.ts';
import type { Callable, Selection } from '../link/selection.ts';

/**
 * Truth values are no integers: a comparison is `true` in two forms and 1 in the third. They may be tested,
 * combined by `! && ||`, kept in a local of their own, returned by a helper of type boolean and passed where a
 * boolean is declared.
 */
export function checkTruthValues(selection: Selection): Refusal[] {
  return [...selection.callables.values()].flatMap((callable) =>
    new TruthChecker(selection, callable).check(),
  );
}

class TruthChecker {
  private readonly selection: Selection;
  private readonly callable: Callable;
  private readonly refusals: Refusal[] = [];
  private line = 0;
  /** Locals that hold nothing but truth values. */
  private readonly truths = new Set<number>();

  constructor(selection: Selection, callable: Callable) {
    this.selection = selection;
    this.callable = callable;
  }

  check(): Refusal[] {
    const { declaration } = this.callable;
    this.line = declaration.line;
    declaration.parameters.forEach(({ type }, local) => {
      if (type === 'boolean') this.truths.add(local);
    });
    if (declaration.kind === 'helper') {
      if (declaration.returnsBoolean) this.test(declaration.value);
      else this.integer(declaration.value);
      return this.refusals;
    }
    this.findTruths(declaration.body);
    walkStatements(declaration.body, (statement) => {
      this.line = statement.line;
      switch (statement.kind) {
        case 'assign':
          if (this.truths.has(statement.local)) this.test(statement.value);
          else this.integer(statement.value);
          return;
        case 'evaluate':
          this.integer(statement.value);
          return;
        case 'if':
          this.test(statement.test);
          return;
        case 'loop':
          if (statement.test !== null) this.test(statement.test);
          return;
        case 'return':
          if (statement.value !== null) this.integer(statement.value);
          return;
        case 'break':
        case 'continue':
      }
    });
    return this.refusals;
  }

  /** A local whose first value is a truth value is one of its own; it must stay so. */
  private findTruths(body: readonly Statement[]): void {
    const seen = new Set<number>();
    walkStatements(body, (statement) => {
      if (statement.kind !== 'assign' || seen.has(statement.local)) return;
      seen.add(statement.local);
      if (this.isTruthValue(statement.value)) this.truths.add(statement.local);
    });
  }

  /** An expression that stands where only its truth matters. */
  private test(expression: Expression): void {
    switch (expression.kind) {
      case 'boolean':
        return;
      case 'unary':
        if (expression.operator === '!') this.test(expression.operand);
        else this.integer(expression.operand);
        return;
      case 'logical':
        this.test(expression.left);
        this.test(expression.right);
        return;
      case 'conditional':
        this.test(expression.test);
        this.test(expression.consequent);
        this.test(expression.alternate);
        return;
      default:
        this.parts(expression);
    }
  }

  /** An expression whose value is used. */
  private integer(expression: Expression): void {
    if (this.isTruthValue(expression)) {
      this.refusals.push({
        file: this.callable.file,
        line: this.line,
        message: 'a truth value is used as an integer: test it, or make it one by ? 1 : 0',
      });
      return;
    }
    this.parts(expression);
  }

  private parts(expression: Expression): void {
    switch (expression.kind) {
      case 'unary':
        this.integer(expression.operand);
        return;
      case 'binary':
        this.integer(expression.left);
        this.integer(expression.right);
        return;
      case 'logical':
        this.test(expression.left);
        this.integer(expression.right);
        return;
      case 'conditional':
        this.test(expression.test);
        this.integer(expression.consequent);
        this.integer(expression.alternate);
        return;
      case 'call':
        expression.arguments.forEach((argument, position) => {
          if (this.takesTruth(expression.name, position)) this.test(argument);
          else this.integer(argument);
        });
        return;
      default:
    }
  }

  private takesTruth(name: string, position: number): boolean {
    if (name === 'WARN_ON_ONCE') return position === 0;
    return this.selection.callables.get(name)?.declaration.parameters[position]?.type === 'boolean';
  }

  private isTruthValue(expression: Expression): boolean {
    switch (expression.kind) {
      case 'boolean':
        return true;
      case 'unary':
        return expression.operator === '!';
      case 'binary':
        return /^([<>]=?|[!=]==)$/.test(expression.operator);
      case 'logical':
        return this.isTruthValue(expression.left) || this.isTruthValue(expression.right);
      case 'conditional':
        return this.isTruthValue(expression.consequent) || this.isTruthValue(expression.alternate);
      case 'call': {
        const declaration = this.selection.callables.get(expression.name)?.declaration;
        return declaration?.kind === 'helper' && declaration.returnsBoolean;
      }
      case 'local':
        return this.truths.has(expression.local);
      default:
        return false;
    }
  }
}
