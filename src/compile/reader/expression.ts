import type * as ESTree from 'oxc-parser';
import type { CallMark, NameMark, TestMark } from '../dialect/source.ts';
import type { BinaryOperator, Expression } from '../dialect/tree.ts';
import type { Locals } from './locals.ts';
import type { Reading, Spanned } from './reading.ts';

/** What a declaration may contain: kernel functions have steps, helpers and constants have none. */
export type Body = 'function' | 'helper' | 'constant';

const BINARY: readonly string[] = [
  ...['+', '-', '*', '%', '&', '|', '^', '<<', '>>', '>>>'],
  ...['===', '!==', '<', '<=', '>', '>='],
];
const NOTHING: Expression = { kind: 'number', value: 0 };

/** Reads the expressions of one declaration, and notes where its calls, constants and tests stand. */
export class ExpressionReader {
  readonly calls: CallMark[] = [];
  readonly references: NameMark[] = [];
  readonly tests: TestMark[] = [];
  private readonly reading: Reading;
  private readonly locals: Locals;
  private readonly body: Body;
  private readonly origin: number;

  /** Marks count from `origin`, the offset of the declaration in the file. */
  constructor(reading: Reading, locals: Locals, body: Body, origin: number) {
    this.reading = reading;
    this.locals = locals;
    this.body = body;
    this.origin = origin;
  }

  read(node: ESTree.Expression | ESTree.Argument): Expression {
    switch (node.type) {
      case 'ParenthesizedExpression':
        return this.read(node.expression);
      case 'TSAsExpression':
        return this.readCast(node);
      case 'Literal':
        return this.readLiteral(node);
      case 'Identifier':
        return this.readName(node);
      case 'MemberExpression':
        return this.readField(node);
      case 'UnaryExpression':
        return this.readUnary(node);
      case 'BinaryExpression':
        return this.readBinary(node);
      case 'LogicalExpression':
        if (node.operator === '??') {
          return this.refuse(node, "operator '??' is not in the dialect (integers are never null)");
        }
        return {
          kind: 'logical',
          operator: node.operator,
          left: this.readTest(node.operator, node.left),
          right: this.read(node.right),
        };
      case 'ConditionalExpression':
        return {
          kind: 'conditional',
          test: this.readTest('?:', node.test),
          consequent: this.read(node.consequent),
          alternate: this.read(node.alternate),
        };
      case 'YieldExpression':
        return this.readYield(node);
      case 'CallExpression':
        return this.readCall(node, node, false);
      case 'AssignmentExpression':
      case 'UpdateExpression':
        return this.refuse(node, 'assignment inside an expression: make it a statement of its own');
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return this.refuse(node, 'closures are not in the dialect');
      case 'ObjectExpression':
      case 'ArrayExpression':
        return this.refuse(
          node,
          `${node.type}: locals are integers, objects and arrays are not in the dialect`,
        );
      default:
        return this.refuse(node, `${node.type} is not in the dialect`);
    }
  }

  /** Reads what is decided on. A literal decides nothing. */
  readTest(kind: TestMark['kind'], node: ESTree.Expression): Expression {
    if (node.type !== 'Literal') {
      const [start, end] = [node.start - this.origin, node.end - this.origin];
      this.tests.push({ kind, line: this.reading.lineOf(node.start), start, end });
    }
    return this.read(node);
  }

  private refuse(where: Spanned, message: string): Expression {
    this.reading.refuse(where, message);
    return NOTHING;
  }

  private readCast(node: ESTree.TSAsExpression): Expression {
    const type = node.typeAnnotation;
    if (type.type !== 'TSTypeReference' && type.type !== 'TSNumberKeyword') {
      this.reading.refuse(type, `'as ${type.type}': only a brand or number may be cast to`);
    }
    this.reading.blank(node.expression.end, node.end);
    return this.read(node.expression);
  }

  private readLiteral(node: Extract<ESTree.Expression, { type: 'Literal' }>): Expression {
    const { value } = node;
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) return this.refuse(node, `literal ${node.raw}: only integers`);
      return { kind: 'number', value };
    }
    if (typeof value === 'boolean') return { kind: 'boolean', value };
    if (typeof value === 'string') return { kind: 'text', value };
    return this.refuse(node, `literal ${node.raw}: only integers`);
  }

  private readName(node: { readonly name: string } & Spanned): Expression {
    const local = this.locals.find(node.name);
    if (local !== undefined) return { kind: 'local', local };
    this.references.push({ name: node.name, at: node.start - this.origin });
    return { kind: 'constant', name: node.name, line: this.reading.lineOf(node.start) };
  }

  private readField(node: ESTree.MemberExpression): Expression {
    if (
      !node.computed &&
      !node.optional &&
      node.object.type === 'Identifier' &&
      node.property.type === 'Identifier' &&
      this.locals.find(node.object.name) === undefined
    ) {
      return {
        kind: 'field',
        struct: node.object.name,
        field: node.property.name,
        line: this.reading.lineOf(node.start),
      };
    }
    return this.refuse(
      node,
      'MemberExpression: locals are integers, objects and arrays are not in the dialect',
    );
  }

  private readUnary(node: ESTree.UnaryExpression): Expression {
    const { operator } = node;
    if (operator !== '-' && operator !== '+' && operator !== '~' && operator !== '!') {
      return this.refuse(node, `operator '${operator}' is not in the dialect`);
    }
    return { kind: 'unary', operator, operand: this.read(node.argument) };
  }

  private readBinary(node: Extract<ESTree.Expression, { type: 'BinaryExpression' }>): Expression {
    if (!BINARY.includes(node.operator)) {
      return this.refuse(
        node,
        `operator '${node.operator}' is not in the dialect (use === and integer operators, div() to divide)`,
      );
    }
    return {
      kind: 'binary',
      operator: node.operator as BinaryOperator,
      left: this.read(node.left as ESTree.Expression),
      right: this.read(node.right),
    };
  }

  private readYield(node: ESTree.YieldExpression): Expression {
    if (this.body !== 'function') {
      return this.refuse(node, `yield* in a ${this.body}: only kernel functions (function*) have steps`);
    }
    let called = node.argument;
    while (called?.type === 'ParenthesizedExpression') called = called.expression;
    if (!node.delegate || called === null) {
      return this.refuse(node, "bare 'yield': use yield* of a primitive");
    }
    if (called.type !== 'CallExpression') return this.refuse(node, 'yield* of what is not a call');
    return this.readCall(called, node, true);
  }

  private readCall(node: ESTree.CallExpression, whole: Spanned, suspends: boolean): Expression {
    if (node.callee.type !== 'Identifier' || node.optional) {
      return this.refuse(node, 'only calls of named functions');
    }
    if (node.typeArguments) this.reading.blank(node.typeArguments.start, node.typeArguments.end);
    const name = node.callee.name;
    const line = this.reading.lineOf(node.start);
    const opening = this.reading.text.indexOf('(', node.typeArguments?.end ?? node.callee.end);
    this.calls.push({
      name,
      line,
      suspends,
      start: whole.start - this.origin,
      callee: node.callee.start - this.origin,
      open: opening + 1 - this.origin,
      arguments: node.arguments.map(({ start, end }) => [start - this.origin, end - this.origin] as const),
      end: node.end - this.origin,
    });
    return {
      kind: 'call',
      name,
      suspends,
      arguments: node.arguments.map((argument) => this.read(argument)),
      line,
    };
  }
}
