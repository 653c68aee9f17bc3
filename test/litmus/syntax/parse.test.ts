import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/litmus/index.ts';
import { EVERYTHING, EXAMPLE } from '../support/contractExample.ts';
import { syntaxErrors, withoutPlaces } from '../support/inspect.ts';

describe('the parser', () => {
  it('reads the example into its parts', () => {
    const { file, errors } = parse(EXAMPLE);
    expect(errors).toEqual([]);
    expect(file.name.name).toBe('pin-outlives-munmap');
    expect(file.description?.value).toMatch(/^A pin taken before/);
    expect(file.items.map((item) => item.kind)).toEqual([
      'device',
      'process',
      'condition',
      'condition',
      'condition',
    ]);
  });

  it('reads a test that uses every construct', () => {
    const { file, errors } = parse(EVERYTHING);
    expect(errors).toEqual([]);
    expect(file.description?.value).toBe('a sentence with "quotes" and \\');
    expect(file.comments.map((comment) => [comment.text, comment.ownLine])).toEqual([
      ['# comment at the top', true],
      ['# trailing', false],
      ['# a group', true],
      ['# here', false],
    ]);
  });

  it('takes white space and line ends as nothing but separators', () => {
    const squeezed = EXAMPLE.replace(/\s*\n\s*/g, ' ');
    const spread = EXAMPLE.replace(/ /g, '\r\n\t');
    expect(withoutPlaces(parse(squeezed).file)).toEqual(withoutPlaces(parse(EXAMPLE).file));
    const spreadName = withoutPlaces(parse(spread.replace(/"A[^"]*"/, '""')).file);
    expect(spreadName).toEqual(withoutPlaces(parse(EXAMPLE.replace(/"A[^"]*"/, '""')).file));
  });

  it('passes over a byte order mark', () => {
    const { file, errors } = parse('\uFEFFDAX x');
    expect(errors).toEqual([]);
    expect(file.name.span).toEqual({ line: 1, column: 5, offset: 5, length: 1 });
  });

  it('allows - in the names of tests and properties only', () => {
    expect(syntaxErrors('DAX a-b--c hazard dma-to-reused "x"')).toEqual([]);
    expect(syntaxErrors('DAX a process b-c { }')).toEqual([
      "t:1:16: unexpected '-' (expected '{' and the body of process b)",
    ]);
  });

  it('takes a keyword as the name of a test on the line of DAX', () => {
    expect(parse('DAX fork device d = devdax(size=4M)').file.name.name).toBe('fork');
  });

  it('binds operators as C does', () => {
    const { file } = parse('DAX x exists 1 || 2 && 3 == 4 < 5 + 6 * -7 - 8');
    const show = (expression: unknown): string => {
      const node = expression as Record<string, unknown>;
      switch (node.kind) {
        case 'binary':
          return `(${show(node.left)}${node.operator}${show(node.right)})`;
        case 'unary':
          return `${node.operator}${show(node.operand)}`;
        default:
          return String(node.text);
      }
    };
    const [condition] = file.items;
    expect(condition?.kind === 'condition' && show(condition.expression)).toBe(
      '(1||(2&&(3==(4<((5+(6*-7))-8)))))',
    );
  });

  it('reads numbers with and without suffixes', () => {
    const { file, errors } = parse(
      'DAX x exists 0 exists 12K exists 0x1fM exists 3G exists 9007199254740991',
    );
    expect(errors).toEqual([]);
    const values = file.items.map(
      (item) => item.kind === 'condition' && 'value' in item.expression && item.expression.value,
    );
    expect(values).toEqual([0, 12_288, 31 * 1_048_576, 3 * 2 ** 30, Number.MAX_SAFE_INTEGER]);
  });

  it('gives every node its place', () => {
    const source = 'DAX x\nprocess P {\n  r = load(m,\n    0)\n}';
    const [process] = parse(source).file.items;
    const call = process?.kind === 'process' ? process.body.statements[0] : undefined;
    expect(call?.span).toEqual({ line: 3, column: 3, offset: 20, length: 18 });
    expect(source.slice(20, 38)).toBe('r = load(m,\n    0)');
  });

  it('keeps what it understands of a test with errors', () => {
    const { file, errors } = parse('DAX x device d = devdax( process P { store(m 0) munmap(m) } exists 1');
    expect(errors.length).toBeGreaterThan(0);
    expect(file.items.map((item) => item.kind)).toEqual(['process', 'condition']);
  });

  it('keeps a body whose end is not written yet', () => {
    const { file } = parse('DAX x process P {\n  m = mmap(d, 0, 4K, rw)\n  thread A {\n    load(m, ');
    const [process] = file.items;
    const kinds = process?.kind === 'process' ? process.body.statements.map(({ kind }) => kind) : [];
    expect(kinds).toEqual(['call', 'thread']);
  });
});
