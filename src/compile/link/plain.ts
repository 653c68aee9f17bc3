import type { Machine } from '../../machine/machine.ts';
import { BLOCKED } from '../../machine/primitive.ts';
import { PRIVATE_STRIDE } from '../../machine/primitives/own.ts';
import type { CallMark, FunctionDeclaration, HelperDeclaration } from '../dialect/source.ts';
import type { Callable, Selection } from './selection.ts';
import { applySplices, type Splice } from './splice.ts';

/** A kernel function in the plain form: runs to its end; gives an integer, or nothing. */
export type PlainFunction = (...args: number[]) => number | undefined;

/** A kernel whose functions run to their end at once, on one thread at a time. */
export interface PlainKernel {
  readonly form: 'plain';
  readonly functions: Readonly<Record<string, PlainFunction>>;
}

/** A primitive had to wait in the plain form, where nobody can come between to end the wait. */
export class WouldBlock extends Error {
  readonly primitive: string;
  readonly args: readonly unknown[];

  constructor(primitive: string, args: readonly unknown[]) {
    super(`${primitive}(${args.map(describeArgument).join(', ')}) would block`);
    this.name = 'WouldBlock';
    this.primitive = primitive;
    this.args = args;
  }
}

/** How an argument of a primitive reads in a message: a field by its names. */
export function describeArgument(argument: unknown): string {
  if (typeof argument === 'object' && argument !== null && 'struct' in argument && 'name' in argument) {
    return `${argument.struct}.${argument.name}`;
  }
  return String(argument);
}

/** Compiles a selection into plain functions; the result makes a kernel for each machine. */
export function linkPlain(selection: Selection): (machine: Machine) => PlainKernel {
  const { scope } = selection;
  const functions = [...selection.callables.values()];
  const exported = functions.filter(({ declaration }) => declaration.kind === 'function');
  const code = [
    '"use strict";',
    'return function ($machine) {',
    ...[...scope.structs.keys()].map((name) => `const ${name} = $machine.memory.named("${name}");`),
    ...[...scope.steps].map(([name, { kind }]) =>
      kind === 'waiting' ? waiting(name) : `const $${name} = $step("${name}");`,
    ),
    ...functions.map((callable) => plainText(selection, callable)),
    `return { ${exported.map(({ name }) => name).join(', ')} };`,
    '};',
  ].join('\n');
  const step = (name: string): unknown => scope.steps.get(name)?.step;
  const block = (primitive: string, args: readonly unknown[]): never => {
    throw new WouldBlock(primitive, args);
  };
  const instantiate = new Function('$step', '$BLOCKED', '$block', '$coverage', code)(
    step,
    BLOCKED,
    block,
    selection.coverage,
  ) as (machine: Machine) => Record<string, PlainFunction>;
  return (machine) => ({ form: 'plain', functions: instantiate(machine) });
}

function waiting(name: string): string {
  return (
    `const $step_${name} = $step("${name}");\n` +
    `function $${name}($machine, a, b, c, d) {` +
    ` if ($step_${name}($machine, a, b, c, d) === $BLOCKED) $block("${name}", [a, b, c, d].filter((x) => x !== undefined)); }`
  );
}

/** A declaration's text as plain JavaScript: no `*`, no `yield*`, primitives called on `$machine`. */
export function plainText(selection: Selection, callable: Callable): string {
  const { declaration } = callable;
  const splices: Splice[] = [];
  if (declaration.kind === 'function') {
    splices.push({ start: declaration.star, end: declaration.star + 1, text: ' ' });
  }
  if (callable.name !== declaration.name) splices.push(rename(declaration, callable.name));
  for (const { name, at } of declaration.references) {
    const value = selection.constants.get(selection.resolve(callable, name));
    if (value !== undefined) splices.push({ start: at, end: at + name.length, text: `(${value})` });
  }
  for (const call of declaration.calls) splices.push(...plainCall(selection, callable, call));
  const counters = selection.coverage?.splices(declaration);
  return applySplices(declaration.text, [
    ...(counters?.openings ?? []),
    ...splices,
    ...(counters?.closings ?? []),
  ]);
}

/** Where the declaration's own name stands in its text. */
function rename(declaration: FunctionDeclaration | HelperDeclaration, name: string): Splice {
  const from = declaration.kind === 'function' ? declaration.star + 1 : 'function'.length;
  const start = declaration.text.indexOf(declaration.name, from);
  return { start, end: start + declaration.name.length, text: name };
}

function plainCall(selection: Selection, callable: Callable, call: CallMark): Splice[] {
  const { name, start, callee, open, end, arguments: args } = call;
  if (!selection.scope.steps.has(name)) {
    return [{ start, end: callee + name.length, text: selection.resolve(callable, name) }];
  }
  switch (`${name}/${args.length}`) {
    case 'load/2':
      return around(call, '', ['.get('], ')');
    case 'store/3':
      return around(call, '', ['.set(', ', '], ')');
    case 'get/2':
      return around(call, '', [`.get($machine.cpu * ${PRIVATE_STRIDE} + (`], '))');
    case 'put/3':
      return around(call, '', [`.set($machine.cpu * ${PRIVATE_STRIDE} + (`, '), '], ')');
    case 'div/2':
      return around(call, 'Math.floor((', [') / ('], '))');
    case 'min/2':
    case 'max/2':
      return [{ start, end: open, text: `Math.${name}(` }];
    case 'self/0':
      return [{ start, end, text: '$machine.cpu' }];
    default:
      return [{ start, end: open, text: `$${name}($machine${args.length > 0 ? ', ' : ''}` }];
  }
}

/** Keeps the arguments of a call and replaces all that stands around them. */
function around(call: CallMark, before: string, between: readonly string[], after: string): Splice[] {
  const splices: Splice[] = [];
  let at = call.start;
  call.arguments.forEach(([start, end], position) => {
    splices.push({ start: at, end: start, text: position === 0 ? before : (between[position - 1] ?? ', ') });
    at = end;
  });
  return [...splices, { start: at, end: call.end, text: after }];
}
