import { callText } from '../format/callText.ts';
import { expressionText } from '../format/expressionText.ts';
import { operationOtherwiseNamed } from '../operations/otherNames.ts';
import { OPERATIONS } from '../operations/table.ts';
import type { RegisterReference, ResolvedExpression } from '../program/expression.ts';
import type {
  Branch,
  RegisterRead,
  ResolvedArgument,
  ResolvedOperation,
  ResolvedStatement,
} from '../program/statement.ts';
import { LIMITS } from '../source/limits.ts';
import { joinSpans } from '../source/span.ts';
import type {
  AssertStatement,
  BlockStatement,
  Body,
  OperationCall,
  RepeatStatement,
  Statement,
} from '../syntax/ast.ts';
import { resolveArguments } from './arguments.ts';
import { bindArguments } from './binding.ts';
import { operationOf } from './callee.ts';
import { deviceNamed } from './devices.ts';
import { resolveExpression } from './expressions.ts';
import { constantNamed } from './names.ts';
import { checkModelled } from './needs.ts';
import { processNamed, registerIn, type Scope } from './scope.ts';

/** Resolves the statements of one body; those with an error are reported and left out. */
export function resolveBody(body: Body, scope: Scope): readonly ResolvedStatement[] {
  const resolved: ResolvedStatement[] = [];
  let row: BlockStatement[] = [];
  for (const statement of body.statements) {
    if (isBlock(statement)) {
      row.push(statement);
      continue;
    }
    addRow(row, scope, resolved);
    row = [];
    const single = resolveSingle(statement, scope);
    if (single !== null) {
      resolved.push(single);
    }
  }
  addRow(row, scope, resolved);
  return resolved;
}

function isBlock(statement: Statement): statement is BlockStatement {
  return statement.kind === 'thread' || statement.kind === 'fork';
}

function addRow(row: readonly BlockStatement[], scope: Scope, resolved: ResolvedStatement[]): void {
  const [first] = row;
  const last = row.at(-1);
  if (first === undefined || last === undefined) {
    return;
  }
  const branches = row.flatMap((block): Branch[] => {
    const thread = scope.outline.threadOf.get(block);
    const text = `${block.kind} ${block.name.name}`;
    const span = joinSpans(block.span, block.name.span);
    return thread
      ? [{ kind: block.kind, thread: thread.index, process: thread.process.index, text, span }]
      : [];
  });
  resolved.push({ kind: 'row', branches, span: joinSpans(first.span, last.span) });
}

function resolveSingle(
  statement: OperationCall | RepeatStatement | AssertStatement,
  scope: Scope,
): ResolvedStatement | null {
  switch (statement.kind) {
    case 'call':
      return resolveCall(statement, scope);
    case 'repeat':
      return resolveRepeat(statement, scope);
    case 'assert':
      return resolveAssert(statement, scope);
  }
}

function resolveRepeat(statement: RepeatStatement, scope: Scope): ResolvedStatement {
  const { count, span } = statement;
  if (count.value > LIMITS.repeatCount) {
    scope.report.error(count.span, `repeat ${count.text}`, `expected at most ${LIMITS.repeatCount} rounds`);
  }
  return { kind: 'repeat', count: count.value, body: resolveBody(statement.body, scope), span };
}

function resolveAssert(statement: AssertStatement, scope: Scope): ResolvedStatement | null {
  const expression = resolveExpression(statement.expression, scope);
  const scheme = statement.scheme?.scheme ?? null;
  const text = expressionText(statement.expression);
  return expression && { kind: 'assert', scheme, expression, text, span: statement.span };
}

function resolveCall(call: OperationCall, scope: Scope): ResolvedOperation | null {
  const { report } = scope;
  const operation = operationOf(call, scope.devices);
  const { name, span } = call.operation;
  if (operation === null) {
    const names = OPERATIONS.map((candidate) => candidate.name);
    const hint = 'docs/litmus-language.md lists all operations';
    const written = operationOtherwiseNamed(name) ?? name;
    return report.error(span, `unknown operation '${name}'`, report.suggest(written, names, hint));
  }
  if (call.register !== null && operation.result === 'nothing') {
    report.error(call.register.span, `'${name}' gives no result`, `write ${name}(…) without a register`);
  }
  const bound = bindArguments(call.arguments, operation, span, (word) => isName(word, scope), report);
  const values = resolveArguments(bound, operation, scope);
  checkModelled(operation.name, values, call, scope);
  checkOwnPin(operation.name, values, call, scope);
  checkOwnMapping(operation.name, values, call, scope);
  const register = call.register && scope.process && registerIn(scope.process, call.register.name);
  return {
    kind: 'operation',
    operation: operation.name,
    arguments: values,
    register: register?.reference ?? null,
    reads: readsOf(values),
    text: callText(call),
    span: call.span,
  };
}

/** Whether a bare word means something else than a flag where no flag is expected. */
function isName(word: string, scope: Scope): boolean {
  return (
    (scope.process?.registers.has(word) ?? false) ||
    deviceNamed(scope.devices, word) !== null ||
    processNamed(scope.outline, word) !== null ||
    constantNamed(word) !== null
  );
}

/** A pin belongs to the process that took it: a child that unpins before it pins would end its parent's. */
function checkOwnPin(
  operation: string,
  values: Readonly<Record<string, ResolvedArgument>>,
  call: OperationCall,
  scope: Scope,
): void {
  const pin = values.pin;
  if (operation !== 'unpin' || pin?.kind !== 'register' || scope.process === null) {
    return;
  }
  const register = [...scope.process.registers.values()][pin.register.slot];
  if (register?.inherited && (!register.setHere || call.span.offset < register.span.offset)) {
    const message = `process ${scope.process.name} cannot unpin '${register.name}', which its parent pinned`;
    scope.report.error(call.span, message, 'unpin in the process that pins');
  }
}

/** C's idiom `m = mremap(m, …)` would put mremap's 0 in the place of the mapping. */
function checkOwnMapping(
  operation: string,
  values: Readonly<Record<string, ResolvedArgument>>,
  call: OperationCall,
  scope: Scope,
): void {
  const { mapping } = values;
  const register = call.register && scope.process && registerIn(scope.process, call.register.name);
  if (operation === 'mremap' && mapping?.kind === 'register' && register) {
    if (mapping.register.slot === register.reference.slot) {
      const message = `mremap gives 0 or an errno, which would replace the mapping in '${register.draft.name}'`;
      const hint = 'the register follows the mapping by itself: take the result into another one';
      scope.report.error(call.span, message, hint);
    }
  }
}

function readsOf(values: Readonly<Record<string, ResolvedArgument>>): readonly RegisterRead[] {
  const handles: RegisterRead[] = [];
  const others: RegisterRead[] = [];
  for (const value of Object.values(values)) {
    if (value.kind === 'register') {
      handles.push({ register: value.register, use: 'handle' });
    } else if (value.kind === 'number') {
      for (const register of registersIn(value.expression)) {
        others.push({ register, use: 'value' });
      }
    }
  }
  return [...handles, ...others];
}

function registersIn(expression: ResolvedExpression): readonly RegisterReference[] {
  switch (expression.kind) {
    case 'register':
      return [expression.register];
    case 'unary':
      return registersIn(expression.operand);
    case 'binary':
      return [...registersIn(expression.left), ...registersIn(expression.right)];
    case 'page':
      return registersIn(expression.index);
    case 'filePage':
      return [expression.file, ...registersIn(expression.index)];
    case 'entry':
      return [expression.mapping, ...registersIn(expression.index)];
    default:
      return [];
  }
}
