import type { Refusal } from '../dialect/refusal.ts';
import type { Expression, Statement } from '../dialect/tree.ts';
import { walkExpression, walkStatements } from '../dialect/walk.ts';
import type { Callable, Selection } from '../link/selection.ts';

type Loop = Extract<Statement, { kind: 'loop' }>;

/**
 * Loops that may go round for ever without a step. Local code rides behind a step, so it must end: each round
 * passes a primitive, or the loop counts up or down to a bound that its body leaves alone.
 */
export function checkLoops(selection: Selection): Refusal[] {
  const stepping = new Stepping(selection);
  const refusals: Refusal[] = [];
  for (const callable of selection.callables.values()) {
    if (callable.declaration.kind !== 'function') continue;
    walkStatements(callable.declaration.body, (statement) => {
      if (statement.kind !== 'loop') return;
      if (stepping.everyRoundSteps(callable, statement) || isCounted(statement)) return;
      refusals.push({
        file: callable.file,
        line: statement.line,
        message: `loop at ${statement.line} may never reach a primitive`,
      });
    });
  }
  return refusals;
}

/** Which ways through some code have met no step yet. */
interface Ways {
  /** To the code behind it. */
  readonly on: boolean;
  /** To the next round of the innermost loop. */
  readonly round: boolean;
  /** Behind the innermost loop. */
  readonly out: boolean;
  /** To the end of the function. */
  readonly back: boolean;
}

const NONE: Ways = { on: false, round: false, out: false, back: false };
const ON: Ways = { ...NONE, on: true };

/** Answers whether code must meet a step; remembers the answer for each function. */
class Stepping {
  private readonly selection: Selection;
  private readonly silent = new Map<string, boolean>();

  constructor(selection: Selection) {
    this.selection = selection;
  }

  everyRoundSteps(callable: Callable, loop: Loop): boolean {
    if (loop.test !== null && this.expressionSteps(callable, loop.test)) return true;
    const ways = this.block(callable, loop.body);
    if (!ways.on && !ways.round) return true;
    return loop.update.some((statement) => !this.statement(callable, statement).on);
  }

  private functionSteps(name: string): boolean {
    const known = this.silent.get(name);
    if (known !== undefined) return !known;
    const callable = this.selection.callables.get(name);
    if (callable?.declaration.kind !== 'function') return false;
    this.silent.set(name, true);
    const ways = this.block(callable, callable.declaration.body);
    this.silent.set(name, ways.on || ways.back);
    return !(ways.on || ways.back);
  }

  private block(callable: Callable, statements: readonly Statement[]): Ways {
    let ways = ON;
    for (const statement of statements) {
      if (!ways.on) break;
      const next = this.statement(callable, statement);
      ways = {
        on: next.on,
        round: ways.round || next.round,
        out: ways.out || next.out,
        back: ways.back || next.back,
      };
    }
    return ways;
  }

  private statement(callable: Callable, statement: Statement): Ways {
    switch (statement.kind) {
      case 'assign':
      case 'evaluate':
        return this.expressionSteps(callable, statement.value) ? NONE : ON;
      case 'return':
        return {
          ...NONE,
          back: statement.value === null || !this.expressionSteps(callable, statement.value),
        };
      case 'break':
        return { ...NONE, out: true };
      case 'continue':
        return { ...NONE, round: true };
      case 'if': {
        if (this.expressionSteps(callable, statement.test)) return NONE;
        const whenTrue = this.block(callable, statement.consequent);
        const whenFalse = this.block(callable, statement.alternate);
        return {
          on: whenTrue.on || whenFalse.on,
          round: whenTrue.round || whenFalse.round,
          out: whenTrue.out || whenFalse.out,
          back: whenTrue.back || whenFalse.back,
        };
      }
      case 'loop': {
        if (statement.test !== null && this.expressionSteps(callable, statement.test)) return NONE;
        const { out, back } = this.block(callable, statement.body);
        return { ...NONE, on: statement.test !== null || out, back };
      }
    }
  }

  /** Whether every evaluation of an expression meets a step. */
  private expressionSteps(callable: Callable, expression: Expression): boolean {
    switch (expression.kind) {
      case 'logical':
        return this.expressionSteps(callable, expression.left);
      case 'conditional':
        return (
          this.expressionSteps(callable, expression.test) ||
          (this.expressionSteps(callable, expression.consequent) &&
            this.expressionSteps(callable, expression.alternate))
        );
      case 'unary':
        return this.expressionSteps(callable, expression.operand);
      case 'binary':
        return (
          this.expressionSteps(callable, expression.left) || this.expressionSteps(callable, expression.right)
        );
      case 'call': {
        if (expression.arguments.some((argument) => this.expressionSteps(callable, argument))) return true;
        if (!expression.suspends) return false;
        if (this.selection.scope.steps.has(expression.name)) return true;
        return this.functionSteps(this.selection.resolve(callable, expression.name));
      }
      default:
        return false;
    }
  }
}

/** Whether a loop counts a local, which nothing else changes, towards a bound, which nothing changes. */
function isCounted({ test, body, update }: Loop): boolean {
  if (test === null) return false;
  const changed = new Map<number, Expression[]>();
  walkStatements([...body, ...update], (statement) => {
    if (statement.kind !== 'assign') return;
    changed.set(statement.local, [...(changed.get(statement.local) ?? []), statement.value]);
  });
  return conjuncts(test).some((part) => {
    if (part.kind !== 'binary' || !/^[<>]=?$/.test(part.operator)) return false;
    const upwards = part.operator.startsWith('<');
    return (
      counts(part.left, part.right, upwards, changed, update) ||
      counts(part.right, part.left, !upwards, changed, update)
    );
  });
}

function conjuncts(test: Expression): Expression[] {
  return test.kind === 'logical' && test.operator === '&&'
    ? [...conjuncts(test.left), ...conjuncts(test.right)]
    : [test];
}

function counts(
  counter: Expression,
  bound: Expression,
  upwards: boolean,
  changed: ReadonlyMap<number, readonly Expression[]>,
  update: readonly Statement[],
): boolean {
  if (counter.kind !== 'local' || reads(bound).some((local) => changed.has(local))) return false;
  const changes = changed.get(counter.local) ?? [];
  const inUpdate = update.some(
    (statement) => statement.kind === 'assign' && statement.local === counter.local,
  );
  return inUpdate && changes.every((change) => movesBy(change, counter.local, upwards));
}

/** Whether a change adds a positive number (or takes one away). */
function movesBy(change: Expression, local: number, upwards: boolean): boolean {
  if (change.kind !== 'binary' || change.left.kind !== 'local' || change.left.local !== local) return false;
  if (change.operator !== (upwards ? '+' : '-')) return false;
  return change.right.kind === 'constant' || (change.right.kind === 'number' && change.right.value > 0);
}

function reads(expression: Expression): number[] {
  const locals: number[] = [];
  walkExpression(expression, (part) => {
    if (part.kind === 'local') locals.push(part.local);
  });
  return locals;
}
