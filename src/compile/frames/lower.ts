import type { StepKind } from '../../machine/primitive.ts';
import { isPrimitive } from '../dialect/scope.ts';
import type { FunctionDeclaration, LocalName } from '../dialect/source.ts';
import type { CallExpression, Expression, LogicalOperator, Statement } from '../dialect/tree.ts';
import { walkStatements } from '../dialect/walk.ts';
import type { Callable, Selection } from '../link/selection.ts';
import type { CallSite } from '../link/thread.ts';
import { hasEffects, saysReturnNothing } from './effects.ts';
import { fold, foldCall, knownNumber } from './fold.ts';
import { type Block, type Exit, type Graph, type GraphLocal, type GraphStep, reachable } from './graph.ts';

/** Program counters that one operation may have: growth through inlining is noticed here, not in the search. */
const BUDGET = 10000;

const NOTHING: Expression = { kind: 'number', value: 0 };
const UNFINISHED: Exit = { kind: 'end', value: NOTHING };

/** One inlined copy of a function while its body is walked. */
interface Activation {
  readonly callable: Callable;
  readonly declaration: FunctionDeclaration;
  /** What the function's locals are here: a constant, a caller's local, or a local of the graph. */
  readonly locals: Expression[];
  /** Locals that are another name for a constant or a parameter, so that assigning them means nothing. */
  readonly aliases: Set<number>;
  readonly chain: readonly CallSite[];
  /** Names of the functions under way, as calls resolve to them. */
  readonly path: readonly string[];
  /** Where `return` stores its value. */
  readonly result: number;
  /** Whether it says `return 0` somewhere. */
  readonly mayReturnNothing: boolean;
  readonly after: Block;
  readonly loops: { readonly next: Block; readonly done: Block }[];
}

/**
 * Builds the control flow of one operation: a kernel function with everything that it calls walked in place.
 * Constants are substituted and branches that they decide are never walked.
 * @throws {Error} if the function or something that it calls does not exist, or calls itself
 */
export function lower(selection: Selection, entry: string): Graph {
  return new Lowering(selection).run(entry);
}

type Conditional = Extract<Expression, { kind: 'conditional' }>;

class Lowering {
  private readonly selection: Selection;
  private readonly locals: GraphLocal[] = [];
  /** Where code is added; `undefined` where no execution comes, so that nothing is walked for it. */
  private current: Block | undefined;
  private readonly reached = new Set<Block>();
  private readonly inlined = new Map<string, number>();
  private points = 0;

  constructor(selection: Selection) {
    this.selection = selection;
  }

  run(entry: string): Graph {
    const callable = this.functionNamed(entry, undefined);
    const { declaration } = callable;
    const parameters = declaration.parameters.map(({ name }) => this.newLocal(name, entry));
    const result = this.newLocal(undefined, entry);
    const last = newBlock();
    last.exit = { kind: 'end', value: { kind: 'local', local: result } };
    const first = newBlock();
    this.current = first;
    this.walk(callable, declaration, parameters.map(localOf), result, last, [], [entry]);
    return { entry: first, blocks: reachable(first), parameters, locals: this.locals };
  }

  private newLocal(name: string | undefined, of: string): number {
    return this.locals.push({ name, function: of }) - 1;
  }

  private functionNamed(
    name: string,
    site: CallSite | undefined,
  ): Callable & { readonly declaration: FunctionDeclaration } {
    const called = this.selection.callables.get(name);
    const place = site === undefined ? '' : `${site.file}:${site.line}: `;
    if (called?.declaration.kind !== 'function')
      throw new Error(`${place}'${name}' is not a kernel function`);
    return { ...called, declaration: called.declaration };
  }

  /** Walks a function's body into the current block and goes on in `after`. */
  private walk(
    callable: Callable,
    declaration: FunctionDeclaration,
    args: readonly Expression[],
    result: number,
    after: Block,
    chain: readonly CallSite[],
    path: readonly string[],
  ): void {
    const own = declaration.locals.slice(declaration.parameters.length);
    const locals = [...args, ...this.declareLocals(declaration.name, own)];
    const activation: Activation = {
      callable,
      declaration,
      locals,
      aliases: new Set(),
      chain,
      path,
      result,
      mayReturnNothing: saysReturnNothing(declaration),
      after,
      loops: [],
    };
    this.aliasConstants(activation);
    this.statements(activation, declaration.body);
    this.assign(result, NOTHING);
    this.jump(after);
    this.enter(after);
  }

  private declareLocals(of: string, names: readonly LocalName[]): Expression[] {
    return names.map(({ name }) => localOf(this.newLocal(name, of)));
  }

  /** Locals that are assigned once, a constant or a parameter, are just that wherever they are read. */
  private aliasConstants(activation: Activation): void {
    const assignments = new Map<number, Expression | undefined>();
    walkStatements(activation.declaration.body, (statement) => {
      if (statement.kind !== 'assign') return;
      assignments.set(statement.local, assignments.has(statement.local) ? undefined : statement.value);
    });
    for (const [local, value] of assignments) {
      if (value === undefined || hasEffects(this.selection, value)) continue;
      const folded = this.value(activation, value);
      const parameter = value.kind === 'local' && value.local < activation.declaration.parameters.length;
      if (folded.kind !== 'number' && !parameter) continue;
      activation.locals[local] = folded;
      activation.aliases.add(local);
    }
  }

  private statements(activation: Activation, statements: readonly Statement[]): void {
    for (const statement of statements) {
      if (this.current === undefined) return;
      this.statement(activation, statement);
    }
  }

  private statement(activation: Activation, statement: Statement): void {
    switch (statement.kind) {
      case 'assign': {
        const target = activation.locals[statement.local];
        if (target?.kind !== 'local' || activation.aliases.has(statement.local)) return;
        this.valueInto(activation, statement.value, target.local);
        return;
      }
      case 'evaluate':
        this.value(activation, statement.value);
        return;
      case 'if': {
        const [whenTrue, whenFalse, after] = [newBlock(), newBlock(), newBlock()];
        this.condition(activation, statement.test, whenTrue, whenFalse);
        this.enter(whenTrue);
        this.statements(activation, statement.consequent);
        this.jump(after);
        this.enter(whenFalse);
        this.statements(activation, statement.alternate);
        this.jump(after);
        this.enter(after);
        return;
      }
      case 'loop': {
        const [head, body, next, done] = [newBlock(), newBlock(), newBlock(), newBlock()];
        this.jump(head);
        this.enter(head);
        if (statement.test === null) this.jump(body);
        else this.condition(activation, statement.test, body, done);
        this.enter(body);
        activation.loops.push({ next, done });
        this.statements(activation, statement.body);
        activation.loops.pop();
        this.jump(next);
        this.enter(next);
        this.statements(activation, statement.update);
        this.jump(head);
        this.enter(done);
        return;
      }
      case 'break':
      case 'continue': {
        const loop = activation.loops.at(-1);
        if (loop === undefined)
          throw new Error(
            `${activation.callable.file}:${statement.line}: ${statement.kind} outside of a loop`,
          );
        this.jump(statement.kind === 'break' ? loop.done : loop.next);
        return;
      }
      case 'return':
        this.valueInto(
          activation,
          statement.value ?? NOTHING,
          activation.result,
          activation.mayReturnNothing,
        );
        this.jump(activation.after);
    }
  }

  /** Ends the current block; what follows is not reached from here. */
  private jump(to: Block): void {
    if (this.current !== undefined) {
      this.current.exit = { kind: 'jump', to };
      this.reached.add(to);
    }
    this.current = undefined;
  }

  /** Goes on in a block, if any execution comes there. */
  private enter(block: Block): void {
    this.current = this.reached.has(block) ? block : undefined;
  }

  private assign(target: number | undefined, value: Expression, something = false): void {
    this.current?.code.push({ target, value, something });
  }

  /** Goes to one of two blocks. */
  private condition(activation: Activation, test: Expression, whenTrue: Block, whenFalse: Block): void {
    if (this.current === undefined) return;
    if (test.kind === 'unary' && test.operator === '!') {
      this.condition(activation, test.operand, whenFalse, whenTrue);
      return;
    }
    if (test.kind === 'logical' && hasEffects(this.selection, test)) {
      const right = newBlock();
      if (test.operator === '&&') this.condition(activation, test.left, right, whenFalse);
      else this.condition(activation, test.left, whenTrue, right);
      this.enter(right);
      this.condition(activation, test.right, whenTrue, whenFalse);
      return;
    }
    this.branch(this.value(activation, test), whenTrue, whenFalse);
  }

  private branch(test: Expression, whenTrue: Block, whenFalse: Block): void {
    const known = knownNumber(test);
    if (known !== undefined) this.jump(known !== 0 ? whenTrue : whenFalse);
    else if (this.current !== undefined) {
      this.current.exit = { kind: 'branch', test, whenTrue, whenFalse };
      this.reached.add(whenTrue).add(whenFalse);
      this.current = undefined;
    }
  }

  /** Evaluates into a local that nothing in the expression reads after its last step. */
  private valueInto(activation: Activation, expression: Expression, target: number, something = false): void {
    if (expression.kind === 'call' && expression.suspends) this.call(activation, expression, target);
    else if (expression.kind === 'conditional') this.choose(activation, expression, target, something);
    else this.assign(target, this.value(activation, expression), something);
  }

  /** A choice becomes a branch, so that what follows can tell where each value came from. */
  private choose(activation: Activation, choice: Conditional, target: number, something: boolean): void {
    const [whenTrue, whenFalse, after] = [newBlock(), newBlock(), newBlock()];
    this.condition(activation, choice.test, whenTrue, whenFalse);
    for (const [block, value] of [
      [whenTrue, choice.consequent],
      [whenFalse, choice.alternate],
    ] as const) {
      this.enter(block);
      if (this.current !== undefined) this.valueInto(activation, value, target, something);
      this.jump(after);
    }
    this.enter(after);
  }

  /** Walks what has steps or effects, in order; the rest is left to be computed where the value is used. */
  private value(activation: Activation, expression: Expression): Expression {
    switch (expression.kind) {
      case 'number':
      case 'text':
      case 'field':
        return expression;
      case 'boolean':
        return fold(expression);
      case 'local':
        return activation.locals[expression.local] ?? NOTHING;
      case 'constant': {
        const name = this.selection.resolve(activation.callable, expression.name);
        return { kind: 'number', value: this.selection.constants.get(name) ?? 0 };
      }
      case 'unary':
        return fold({ ...expression, operand: this.value(activation, expression.operand) });
      case 'binary': {
        const left = this.value(activation, expression.left);
        return fold({ ...expression, left, right: this.value(activation, expression.right) });
      }
      case 'logical': {
        const left = this.value(activation, expression.left);
        if (knownNumber(left) === undefined && hasEffects(this.selection, expression.right)) {
          return this.shortCircuit(activation, expression.operator, left, expression.right);
        }
        const right = decides(expression.operator, left) ? NOTHING : this.value(activation, expression.right);
        return fold({ ...expression, left, right });
      }
      case 'conditional':
        return this.conditional(activation, expression);
      case 'call':
        return this.call(activation, expression, undefined);
    }
  }

  /** `left && right` or `left || right` whose right side must not be walked unless it is wanted. */
  private shortCircuit(
    activation: Activation,
    operator: LogicalOperator,
    left: Expression,
    right: Expression,
  ): Expression {
    const result = this.newLocal(undefined, activation.declaration.name);
    const [more, after] = [newBlock(), newBlock()];
    this.assign(result, left);
    const [whenTrue, whenFalse] = operator === '&&' ? [more, after] : [after, more];
    this.branch(localOf(result), whenTrue, whenFalse);
    this.enter(more);
    this.assign(result, this.value(activation, right));
    this.jump(after);
    this.enter(after);
    return localOf(result);
  }

  private conditional(activation: Activation, expression: Conditional): Expression {
    const { consequent, alternate } = expression;
    if (!hasEffects(this.selection, consequent) && !hasEffects(this.selection, alternate)) {
      return fold({
        ...expression,
        test: this.value(activation, expression.test),
        consequent: this.value(activation, consequent),
        alternate: this.value(activation, alternate),
      });
    }
    const result = this.newLocal(undefined, activation.declaration.name);
    this.choose(activation, expression, result, false);
    return localOf(result);
  }

  /** A call of any kind; `target`, if given, takes the result. */
  private call(activation: Activation, call: CallExpression, target: number | undefined): Expression {
    const args = call.arguments.map((argument) => this.value(activation, argument));
    const { file } = activation.callable;
    const caller = activation.declaration.name;
    const site: CallSite = { caller, file, line: call.line, callee: call.name };
    const step = this.selection.scope.steps.get(call.name);
    if (step === undefined && !call.suspends) {
      const name = this.selection.resolve(activation.callable, call.name);
      return foldCall(this.selection, { ...call, name, arguments: args });
    }
    if (step !== undefined && !isPrimitive(step)) {
      if (step.kind !== 'local') return foldCall(this.selection, { ...call, arguments: args });
      const result = target ?? this.newLocal(undefined, caller);
      this.assign(result, { ...call, arguments: args });
      return constantOf(step.handsOn === undefined ? undefined : args[step.handsOn]) ?? localOf(result);
    }
    const result = target ?? this.newLocal(undefined, caller);
    if (step !== undefined) this.step(step.kind, call.name, args, result, [...activation.chain, site]);
    else this.inline(activation, call, args, result, site);
    return localOf(result);
  }

  private step(
    kind: StepKind,
    primitive: string,
    args: readonly Expression[],
    result: number,
    chain: readonly CallSite[],
  ): void {
    if (this.current === undefined) return;
    if (++this.points > BUDGET) throw new Error(this.overBudget(chain));
    const block = newBlock({ primitive, kind, arguments: args, result, chain });
    this.jump(block);
    this.enter(block);
  }

  private overBudget(chain: readonly CallSite[]): string {
    const most = [...this.inlined].sort((a, b) => b[1] - a[1]).slice(0, 3);
    const names = most.map(([name, times]) => `${name} (${times} times)`).join(', ');
    return `${chain[0]?.caller}: more than ${BUDGET} program counters; inlined most often: ${names}`;
  }

  private inline(
    activation: Activation,
    call: CallExpression,
    args: readonly Expression[],
    result: number,
    site: CallSite,
  ): void {
    const called = this.functionNamed(this.selection.resolve(activation.callable, call.name), site);
    const chain = [...activation.chain, site];
    const path = [...activation.path, called.name];
    if (activation.path.includes(called.name)) {
      const cycle = path.slice(path.indexOf(called.name)).join(' > ');
      throw new Error(
        `${site.file}:${site.line}: recursive call of ${called.name} (${cycle}): recursion is not in the dialect`,
      );
    }
    if (this.current === undefined) return;
    this.inlined.set(called.name, (this.inlined.get(called.name) ?? 0) + 1);
    const passed = args.map((argument, position) => {
      if (argument.kind === 'number' || argument.kind === 'local') return argument;
      const parameter = this.newLocal(called.declaration.parameters[position]?.name, called.declaration.name);
      this.assign(parameter, argument);
      return localOf(parameter);
    });
    this.walk(called, called.declaration, passed, result, newBlock(), chain, path);
  }
}

function newBlock(step?: GraphStep): Block {
  return { step, code: [], exit: UNFINISHED };
}

function localOf(local: number): Expression {
  return { kind: 'local', local };
}

/** A value that is known already. */
function constantOf(value: Expression | undefined): Expression | undefined {
  return value !== undefined && knownNumber(value) !== undefined ? value : undefined;
}

/** Whether the left side alone says what a logical expression is. */
function decides(operator: LogicalOperator, left: Expression): boolean {
  const known = knownNumber(left);
  return known !== undefined && (known !== 0) === (operator === '||');
}
