import type * as ESTree from 'oxc-parser';
import type { BinaryOperator, Expression, Statement } from '../dialect/tree.ts';
import type { ExpressionReader } from './expression.ts';
import type { Locals } from './locals.ts';
import type { Reading } from './reading.ts';

const COMPOUND = ['+=', '-=', '*=', '%=', '&=', '|=', '^=', '<<=', '>>=', '>>>='];

/** Reads the statements of one kernel function. */
export class StatementReader {
  private readonly reading: Reading;
  private readonly locals: Locals;
  private readonly expressions: ExpressionReader;
  private readonly parameters: number;

  /** The first `parameters` locals are parameters, which are never assigned. */
  constructor(reading: Reading, locals: Locals, expressions: ExpressionReader, parameters: number) {
    this.reading = reading;
    this.locals = locals;
    this.expressions = expressions;
    this.parameters = parameters;
  }

  readAll(nodes: readonly (ESTree.Statement | ESTree.Directive)[]): Statement[] {
    return nodes.flatMap((node) => this.read(node));
  }

  private read(node: ESTree.Statement | ESTree.Directive): Statement[] {
    const line = this.reading.lineOf(node.start);
    switch (node.type) {
      case 'BlockStatement':
        return this.locals.block(() => this.readAll(node.body));
      case 'EmptyStatement':
        return [];
      case 'VariableDeclaration':
        return this.readDeclaration(node);
      case 'ExpressionStatement':
        return this.readExpressionStatement(node.expression, line);
      case 'IfStatement':
        return [
          {
            kind: 'if',
            test: this.expressions.readTest('if', node.test),
            consequent: this.locals.block(() => this.read(node.consequent)),
            alternate:
              node.alternate === null ? [] : this.locals.block(() => this.readOptional(node.alternate)),
            line,
          },
        ];
      case 'WhileStatement':
        return [
          {
            kind: 'loop',
            test: this.expressions.readTest('loop', node.test),
            body: this.locals.block(() => this.read(node.body)),
            update: [],
            line,
          },
        ];
      case 'ForStatement':
        return this.locals.block(() => this.readFor(node, line));
      case 'BreakStatement':
      case 'ContinueStatement':
        if (node.label !== null) this.reading.refuse(node, 'labels are not in the dialect');
        return [{ kind: node.type === 'BreakStatement' ? 'break' : 'continue', line }];
      case 'ReturnStatement':
        return [
          {
            kind: 'return',
            value: node.argument === null ? null : this.expressions.read(node.argument),
            line,
          },
        ];
      case 'TryStatement':
      case 'ThrowStatement':
        this.reading.refuse(node, 'exceptions are not in the dialect: return a code');
        return [];
      case 'FunctionDeclaration':
        this.reading.refuse(node, 'closures are not in the dialect');
        return [];
      default:
        this.reading.refuse(node, `${node.type} is not in the dialect`);
        return [];
    }
  }

  private readOptional(node: ESTree.Statement | null): Statement[] {
    return node === null ? [] : this.read(node);
  }

  private readFor(node: ESTree.ForStatement, line: number): Statement[] {
    let before: Statement[] = [];
    if (node.init?.type === 'VariableDeclaration') before = this.readDeclaration(node.init);
    else if (node.init) before = this.readExpressionStatement(node.init, line);
    const test = node.test === null ? null : this.expressions.readTest('loop', node.test);
    const update = node.update === null ? [] : this.readExpressionStatement(node.update, line);
    const body = this.locals.block(() => this.read(node.body));
    return [...before, { kind: 'loop', test, body, update, line }];
  }

  private readDeclaration(node: ESTree.VariableDeclaration): Statement[] {
    if (node.kind !== 'let' && node.kind !== 'const') {
      this.reading.refuse(node, `'${node.kind}' is not in the dialect: use let or const`);
    }
    return node.declarations.flatMap((declarator) => {
      const line = this.reading.lineOf(declarator.start);
      if (declarator.id.type !== 'Identifier') {
        this.reading.refuse(
          declarator,
          `${declarator.id.type} is not in the dialect: declare one identifier`,
        );
        return [];
      }
      const type = declarator.id.typeAnnotation;
      if (type) this.reading.blank(type.start, type.end);
      const value = declarator.init === null ? null : this.expressions.read(declarator.init);
      const local = this.locals.declare(declarator.id.name, line);
      return value === null ? [] : [{ kind: 'assign', local, value, line } as const];
    });
  }

  private readExpressionStatement(node: ESTree.Expression, line: number): Statement[] {
    if (node.type === 'AssignmentExpression') {
      const local = this.readTarget(node.left);
      if (local === undefined) return [];
      const right = this.expressions.read(node.right);
      if (node.operator === '=') return [{ kind: 'assign', local, value: right, line }];
      if (!COMPOUND.includes(node.operator)) {
        this.reading.refuse(node, `operator '${node.operator}' is not in the dialect`);
        return [];
      }
      return [change(local, node.operator.slice(0, -1) as BinaryOperator, right, line)];
    }
    if (node.type === 'UpdateExpression') {
      const local = this.readTarget(node.argument);
      if (local === undefined) return [];
      return [change(local, node.operator === '++' ? '+' : '-', { kind: 'number', value: 1 }, line)];
    }
    return [{ kind: 'evaluate', value: this.expressions.read(node), line }];
  }

  /** The local that an assignment changes. */
  private readTarget(node: ESTree.AssignmentTarget | ESTree.SimpleAssignmentTarget): number | undefined {
    if (node.type !== 'Identifier') {
      this.reading.refuse(
        node,
        `${node.type} is assigned: only locals are, shared words are stored by a primitive`,
      );
      return undefined;
    }
    const local = this.locals.find(node.name);
    if (local === undefined) {
      this.reading.refuse(
        node,
        `'${node.name}' is neither a local nor a parameter (kernel functions may not reach module variables)`,
      );
    } else if (local < this.parameters) {
      this.reading.refuse(node, `parameter '${node.name}' is assigned: copy it to a local first`);
    }
    return local;
  }
}

function change(local: number, operator: BinaryOperator, right: Expression, line: number): Statement {
  const left: Expression = { kind: 'local', local };
  return { kind: 'assign', local, value: { kind: 'binary', operator, left, right }, line };
}
