import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/litmus/index.ts';
import { errorsOf, syntaxErrors, testWith } from '../support/inspect.ts';

const nest = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);

describe('the limits of the language', () => {
  it('keep a file within 1 MiB', () => {
    const fits = `DAX x\n#${'x'.repeat(LIMITS.fileLength - 7)}`;
    expect(fits.length).toBe(LIMITS.fileLength);
    expect(syntaxErrors(fits)).toEqual([]);
    expect(syntaxErrors(`${fits}x`)).toEqual([
      't:1:1: a file of 1048577 characters (a test has at most 1048576)',
    ]);
  });

  it('keep bodies within 64 of each other', () => {
    const inside = (depth: number): string => `DAX x process P { ${nest(depth, 'repeat 2 { ', '', '}')} }`;
    expect(syntaxErrors(inside(LIMITS.nesting - 1))).toEqual([]);
    expect(syntaxErrors(inside(LIMITS.nesting))).toEqual([
      't:1:721: bodies nested more than 64 deep (flatten the test)',
    ]);
    expect(syntaxErrors(inside(50_000))).toHaveLength(1);
    for (const opening of ['repeat 2 { ', 'repeat 2 {\n']) {
      expect(syntaxErrors(`DAX x process P {\n${opening.repeat(50_000)}`)).toHaveLength(1);
    }
  });

  it.each([
    ['parentheses', '(', ')'],
    ['negations', '!', ''],
    ['minus signs', '- ', ''],
    ['indexes', 'd[', '].size'],
  ])('keep %s within 64 of each other', (_what, open, close) => {
    const inside = (depth: number): string => `DAX x exists ${nest(depth, open, '1', close)}`;
    expect(syntaxErrors(inside(LIMITS.nesting))).toEqual([]);
    for (const depth of [LIMITS.nesting + 1, 50_000]) {
      const errors = syntaxErrors(inside(depth));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(/an expression nested more than 64 deep \(simplify the expression\)$/);
    }
  });

  it('count signs and parentheses of an expression together', () => {
    const inside = (depth: number): string => `DAX x exists ${nest(depth / 2, '!(', '1', ')')}`;
    expect(syntaxErrors(inside(LIMITS.nesting))).toEqual([]);
    expect(syntaxErrors(inside(LIMITS.nesting + 2))).toEqual([
      't:1:78: an expression nested more than 64 deep (simplify the expression)',
    ]);
  });

  it('keep the operators of an expression within 1,000', () => {
    const sum = (operators: number): string => `DAX x exists ${'1+'.repeat(operators)}1`;
    expect(errorsOf(sum(LIMITS.operators))).toEqual([]);
    expect(errorsOf(sum(LIMITS.operators + 1))).toEqual([
      't:1:2015: more than 1000 operators in one expression (split the condition into several)',
    ]);
    expect(errorsOf(sum(200_000))).toHaveLength(1);
  });

  it('keep a file within 10,000 statements', () => {
    const body = (statements: number): string => testWith('exec()\n'.repeat(statements));
    expect(errorsOf(body(LIMITS.statements))).toEqual([]);
    expect(errorsOf(body(LIMITS.statements + 1))).toEqual([
      "t:10004:1: more than 10000 statements (split the test, or use 'repeat')",
    ]);
  });

  it('keep names, strings and argument lists short', () => {
    const name = 'n'.repeat(LIMITS.nameLength);
    expect(syntaxErrors(`DAX ${name}`)).toEqual([]);
    expect(syntaxErrors(`DAX ${name}n`)).toEqual([
      't:1:5: a name of 65 characters (names have at most 64 characters)',
    ]);
    const text = 's'.repeat(LIMITS.stringLength);
    expect(syntaxErrors(`DAX x "${text}"`)).toEqual([]);
    expect(syntaxErrors(`DAX x "${text}s"`)).toEqual([
      't:1:7: a string of 1025 characters (strings have at most 1024 characters)',
    ]);
    expect(syntaxErrors(`DAX x process P { f(${'1,'.repeat(40)}1) }`)).toEqual([
      't:1:87: more than 32 arguments (no operation takes so many)',
    ]);
  });

  it('keep repeat between 1 and 10^9 rounds', () => {
    expect(errorsOf(testWith('repeat 1000000000 { exec() } repeat 1 { exec() }'))).toEqual([]);
    expect(errorsOf(testWith('repeat 0 { exec() } repeat 1000000001 { exec() }'))).toEqual([
      't:4:28: repeat 1000000001 (expected at most 1000000000 rounds)',
    ]);
  });

  it('keep devices, processes and threads countable', () => {
    const many = (count: number, text: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => text(index)).join('\n');
    expect(errorsOf(`DAX x\n${many(65, (index) => `device d${index} = devdax(size=4K)`)}`)).toEqual([
      't:66:1: more than 64 devices (split the test)',
    ]);
    expect(errorsOf(`DAX x\n${many(257, (index) => `process P${index} { }`)}`)[0]).toBe(
      't:258:9: more than 256 processes (split the test)',
    );
    expect(errorsOf(testWith(many(256, (index) => `thread T${index} { exec() }`)))).toEqual([
      't:259:8: more than 256 threads (split the test)',
    ]);
  });

  it('show at most 50 errors and count the others', () => {
    const errors = errorsOf(testWith('load(x, 0)\n'.repeat(60)));
    expect(errors).toHaveLength(51);
    expect(errors[50]).toBe('t:53:6: 10 more errors (correct the first ones and look again)');
  });
});
