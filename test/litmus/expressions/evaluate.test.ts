import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type ResolvedExpression, type Span, type Term } from '../../../src/litmus/index.ts';

const span: Span = { line: 1, column: 1, offset: 0, length: 1 };
const operators = ['==', '!=', '<', '<=', '>', '>=', '&&', '||', '+', '-', '*', '/', '%'] as const;

const number = (value: number): ResolvedExpression => ({ kind: 'number', value, span });
const register = (slot: number): Term => ({ kind: 'register', register: { process: 0, slot }, span });

const { expression } = fc.letrec<{ expression: ResolvedExpression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.integer({ min: -20, max: 20 }).map(number),
    fc.nat(3).map(register),
    fc
      .tuple(fc.constantFrom('!' as const, '-' as const), tie('expression'))
      .map(([operator, operand]): ResolvedExpression => ({ kind: 'unary', operator, operand, span })),
    fc
      .tuple(tie('expression'), fc.constantFrom(...operators), tie('expression'))
      .map(
        ([left, operator, right]): ResolvedExpression => ({ kind: 'binary', operator, left, right, span }),
      ),
  ),
}));

/** The same expression computed with big integers, which divide as C does; null for a division by zero. */
function inC(node: ResolvedExpression, registers: readonly number[]): bigint | null {
  switch (node.kind) {
    case 'number':
      return BigInt(node.value);
    case 'register':
      return BigInt(registers[node.register.slot] ?? 0);
    case 'unary': {
      const operand = inC(node.operand, registers);
      return operand === null ? null : node.operator === '-' ? -operand : BigInt(operand === 0n);
    }
    case 'binary': {
      const left = inC(node.left, registers);
      if (
        left === null ||
        (node.operator === '&&' && left === 0n) ||
        (node.operator === '||' && left !== 0n)
      ) {
        return left === null ? null : BigInt(left !== 0n);
      }
      const right = inC(node.right, registers);
      return right === null ? null : binaryInC(node.operator, left, right);
    }
    default:
      return 0n;
  }
}

function binaryInC(operator: (typeof operators)[number], left: bigint, right: bigint): bigint | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? null : left / right;
    case '%':
      return right === 0n ? null : left % right;
    case '&&':
    case '||':
      return BigInt(right !== 0n);
    default: {
      const truth = {
        '==': left === right,
        '!=': left !== right,
        '<': left < right,
        '<=': left <= right,
        '>': left > right,
        '>=': left >= right,
      };
      return BigInt(truth[operator]);
    }
  }
}

describe('the value of an expression', () => {
  const lookup = (registers: readonly number[]) => (term: Term) =>
    term.kind === 'register' ? (registers[term.register.slot] ?? 0) : 0;

  it('is what C computes', () => {
    fc.assert(
      fc.property(
        expression,
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }),
        (node, registers) => {
          const expected = inC(node, registers);
          const value = evaluate(node, lookup(registers));
          if (typeof value === 'number') {
            expect(Object.is(value, -0)).toBe(false);
            expect(BigInt(value)).toBe(expected);
          } else {
            const tooLarge = /does not fit/.test(value.message);
            expect(tooLarge || expected === null).toBe(true);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('fails on a division by zero, at its place', () => {
    const place: Span = { line: 3, column: 9, offset: 40, length: 5 };
    const division: ResolvedExpression = {
      kind: 'binary',
      operator: '%',
      left: number(1),
      right: register(0),
      span: place,
    };
    expect(evaluate(division, lookup([0]))).toEqual({ message: 'division by zero', span: place });
  });

  it('fails beyond 2^53 - 1 instead of rounding', () => {
    const sum: ResolvedExpression = {
      kind: 'binary',
      operator: '+',
      left: number(Number.MAX_SAFE_INTEGER),
      right: register(0),
      span,
    };
    expect(evaluate(sum, lookup([0]))).toBe(Number.MAX_SAFE_INTEGER);
    expect(evaluate(sum, lookup([1]))).toMatchObject({ message: expect.stringContaining('2^53 - 1') });
  });

  it('does not look at the right side of && and || when the left decides', () => {
    const failing = { kind: 'binary', operator: '/', left: number(1), right: register(0), span } as const;
    for (const [operator, left, value] of [
      ['&&', 0, 0],
      ['||', 5, 1],
    ] as const) {
      expect(
        evaluate({ kind: 'binary', operator, left: number(left), right: failing, span }, lookup([0])),
      ).toBe(value);
    }
  });

  it('hands on why a term has no value', () => {
    const failure = { message: 'no such page', span };
    expect(evaluate({ kind: 'unary', operator: '!', operand: register(0), span }, () => failure)).toBe(
      failure,
    );
  });
});
