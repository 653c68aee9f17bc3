import { PRIVATE_STRIDE } from '../../machine/primitives/own.ts';
import type { Expression } from '../dialect/tree.ts';

/** The JavaScript name of a graph's local. */
export function localName(local: number): string {
  return `v${local}`;
}

/** JavaScript for an expression without steps. `machine` and the structs are in its scope. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.value < 0 ? `(${expression.value})` : String(expression.value);
    case 'boolean':
      return expression.value ? '1' : '0';
    case 'text':
      return JSON.stringify(expression.value);
    case 'local':
      return localName(expression.local);
    case 'constant':
      throw new Error(`constant '${expression.name}' was not substituted`);
    case 'field':
      return `${expression.struct}.${expression.field}`;
    case 'unary':
      return `(${expression.operator} ${printExpression(expression.operand)})`;
    case 'binary':
    case 'logical':
      return `(${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right)})`;
    case 'conditional': {
      const { test, consequent, alternate } = expression;
      return `(${printExpression(test)} ? ${printExpression(consequent)} : ${printExpression(alternate)})`;
    }
    case 'call':
      return printLocalCall(expression.name, expression.arguments.map(printExpression));
  }
}

/** A call of a helper, or of a local function on the machine. */
function printLocalCall(name: string, args: readonly string[]): string {
  const [first = '', second = '', third = ''] = args;
  switch (name) {
    case 'self':
      return 'machine.cpu';
    case 'nr_cpus':
      return 'machine.cpus';
    case 'min':
    case 'max':
      return `Math.${name}(${args.join(', ')})`;
    case 'div':
      return `Math.floor(${first} / ${second})`;
    case 'get':
      return `${first}.get(machine.cpu * ${PRIVATE_STRIDE} + ${second})`;
    case 'put':
      return `${first}.set(machine.cpu * ${PRIVATE_STRIDE} + ${second}, ${third})`;
    case 'WARN_ON_ONCE':
      return `$WARN_ON_ONCE(machine, ${args.join(', ')})`;
    default:
      return `${name}(${args.join(', ')})`;
  }
}

/** JavaScript that executes a primitive on the machine. */
export function printPrimitive(name: string, args: readonly string[]): string {
  const [field = '', index = '', value = ''] = args;
  if (name === 'load') return `${field}.get(${index})`;
  if (name === 'store') return `${field}.set(${index}, ${value})`;
  return `$${name}(${['machine', ...args].join(', ')})`;
}
