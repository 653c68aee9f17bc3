import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../src/compile/check/check.ts';
import { formatRefusal } from '../../src/compile/dialect/refusal.ts';
import { readSources } from '../../src/compile/reader/readFile.ts';
import { testScope } from './tinyKernel.ts';

/** What is refused in sources, each as `file:line: message`. Names without a folder lie in `common/`. */
function refusalsIn(sources: Readonly<Record<string, string>>): string[] {
  const { files, refusals } = readSources(
    Object.entries(sources).map(([path, text]) => ({
      path: path.includes('/') ? path : `common/${path}`,
      text,
    })),
  );
  const checked = checkProgram({ files, scope: testScope }, 'devmap');
  return [...refusals, ...checked.refusals].map(formatRefusal);
}

/** What is refused in the body of a kernel function that stands on line 3, among some declarations. */
function refusalsInBody(body: string): string[] {
  return refusalsIn({
    'a.ts': [
      'export const LIMIT = 4; export function even(a: number): boolean { return (a & 1) === 0; }',
      'export function* ld(a: number): Op<number> { return yield* load(cell.value, a); }',
      `export function* f(p: number): Op<number> { ${body} }`,
    ].join('\n'),
  }).map((refusal) => refusal.replace('common/a.ts:3: ', ''));
}

describe('a kernel function', () => {
  it('may use everything that the dialect has', () => {
    const body = `
      let x = LIMIT, y: number;
      const z = p as Pfn;
      y = even(x) && !(yield* ld(p)) ? -1 : ~x;
      for (let i = 0; i < LIMIT; i++) { if (i === 2) continue; x += i % 3; x <<= 1; }
      while (yield* load(cell.value, z)) { if (y > 3) break; y++; }
      const whole = x === y;
      if (whole || WARN_ON_ONCE(!whole, 'text')) yield* store(cell.value, p, div(x, 2));
      put(scratch.value, 0, get(scratch.value, 1) + self());
      for (;;) { yield* atomic_add(cell.value, p, 1); return (yield* ld(x >>> 1)) ^ 3; }`;
    expect(refusalsInBody(body)).toEqual([]);
  });

  it.each([
    ['const f = () => 1;', 'closures are not in the dialect'],
    ['const g = function () {};', 'closures are not in the dialect'],
    ['function g() {}', 'closures are not in the dialect'],
    ['const x = {a: 1};', 'ObjectExpression: locals are integers, objects and arrays are not in the dialect'],
    ['const x = [1];', 'ArrayExpression: locals are integers, objects and arrays are not in the dialect'],
    ['const x = p[0];', 'MemberExpression: locals are integers, objects and arrays are not in the dialect'],
    ['const x = p.y;', 'MemberExpression: locals are integers, objects and arrays are not in the dialect'],
    ['yield 1;', "bare 'yield': use yield* of a primitive"],
    ['yield* p;', 'yield* of what is not a call'],
    ['return 1 + ld(0);', "'ld' is a kernel function: call it as yield* ld(...)"],
    ['return load(cell.value, p);', "'load' is a primitive: call it as yield* load(...)"],
    ['return yield* div(p, 2);', "'div' is a local function: call it without yield*"],
    ['if (yield* even(p)) return 1;', "'even' is a pure helper: call it without yield*"],
    ['return yield* nobody(p);', "'nobody' is neither a primitive nor a kernel function"],
    ['return nobody(p);', "'nobody' is not a pure helper of this project"],
    ['return even;', "'even' is a function: call it"],
    ['return cell;', "'cell' is a struct: name one of its fields"],
    ['return yield* load(sell.value, p);', "'sell' is not a declared struct"],
    ['return yield* load(cell.size, p);', "struct cell has no field 'size'"],
    [
      'return counter;',
      "'counter' is neither a local, a parameter nor a declared constant (kernel functions may not reach module variables)",
    ],
    [
      'counter = 1;',
      "'counter' is neither a local nor a parameter (kernel functions may not reach module variables)",
    ],
    [
      'cell.value = 1;',
      'MemberExpression is assigned: only locals are, shared words are stored by a primitive',
    ],
    ['let i = 0; let y = i++;', 'assignment inside an expression: make it a statement of its own'],
    ['let x = 0; yield* ld(x = 1);', 'assignment inside an expression: make it a statement of its own'],
    ['p = 1;', "parameter 'p' is assigned: copy it to a local first"],
    ['p++;', "parameter 'p' is assigned: copy it to a local first"],
    ['try { yield* ld(0); } finally {}', 'exceptions are not in the dialect: return a code'],
    ['throw 1;', 'exceptions are not in the dialect: return a code'],
    ['return 0.5;', 'literal 0.5: only integers'],
    ["return 'a';", "literal 'a': only integers (text is for WARN_ON_ONCE)"],
    ['return null;', 'literal null: only integers'],
    ['return 1n;', 'literal 1n: only integers'],
    ['return `a`;', 'TemplateLiteral is not in the dialect'],
    [
      'if (p == 1) return 1;',
      "operator '==' is not in the dialect (use === and integer operators, div() to divide)",
    ],
    ['return p / 2;', "operator '/' is not in the dialect (use === and integer operators, div() to divide)"],
    [
      'return p ** 2;',
      "operator '**' is not in the dialect (use === and integer operators, div() to divide)",
    ],
    ['return p ?? 2;', "operator '??' is not in the dialect (integers are never null)"],
    [
      'if (p in cell) return 1;',
      "operator 'in' is not in the dialect (use === and integer operators, div() to divide)",
    ],
    ['return typeof p;', "operator 'typeof' is not in the dialect"],
    ['let x = 1; x /= 2;', "operator '/=' is not in the dialect"],
    ['switch (p) { }', 'SwitchStatement is not in the dialect'],
    ['a: for (;;) { yield* ld(0); }', 'LabeledStatement is not in the dialect'],
    ['do { yield* ld(0); } while (p);', 'DoWhileStatement is not in the dialect'],
    ['var x = 1;', "'var' is not in the dialect: use let or const"],
    ['const {x} = cell;', 'ObjectPattern is not in the dialect: declare one identifier'],
    ['return Math.max(1, 2);', 'only calls of named functions'],
    ['yield* cell.value(1);', 'only calls of named functions'],
    ['return yield* ld(1, 2);', 'ld takes 1 arguments'],
    ['return even() ? 1 : 0;', 'even takes 1 arguments'],
    ["WARN_ON_ONCE((yield* ld(p)) < 0, 'low');", 'WARN_ON_ONCE: load the shared word into a local first'],
    ['WARN_ON_ONCE(p, p);', 'WARN_ON_ONCE takes a condition and a text'],
    ['return p as unknown;', "'as TSUnknownKeyword': only a brand or number may be cast to"],
    ['yield* ld(cell.value);', 'cell.value: a field is only an argument of a primitive, get or put'],
    ['const x = cell.value;', 'cell.value: a field is only an argument of a primitive, get or put'],
    ['put(cell.value, 0, 1);', 'put: struct cell is shared, use a primitive such as load or store'],
    ['yield* store(scratch.value, 0, 1);', 'store: struct scratch is private to its thread, use get or put'],
    ['return p === 1;', 'a truth value is used as an integer: test it, or make it one by ? 1 : 0'],
    ['yield* ld(!p);', 'a truth value is used as an integer: test it, or make it one by ? 1 : 0'],
    ['let x = 0; x = even(p);', 'a truth value is used as an integer: test it, or make it one by ? 1 : 0'],
    [
      'const x = p < 2; if (x === true) return 1;',
      'a truth value is used as an integer: test it, or make it one by ? 1 : 0',
    ],
    ['const load = 1;', "'load' shadows a primitive"],
    ['const self = 1;', "'self' shadows a local function"],
    ['const even = 1;', "'even' shadows a pure helper"],
    ['const ld = 1;', "'ld' shadows a kernel function"],
    ['for (let LIMIT = 0; LIMIT < 2; LIMIT++) yield* ld(0);', "'LIMIT' shadows a constant"],
  ])('is refused: %s', (body, message) => {
    expect(refusalsInBody(body)).toContain(message);
  });

  it('may hide a struct by a local, as its fields tell it apart', () => {
    expect(refusalsInBody('const cell = 1; return cell;')).toEqual([]);
  });

  it('is refused when it calls itself, with the cycle', () => {
    const source = `export function* t(): Op { yield* f(); }
export function* f(): Op { yield* g(); }
export function* g(): Op {
  yield* f();
}`;
    expect(refusalsIn({ 'a.ts': source })).toEqual([
      'common/a.ts:4: recursive call of f (f > g > f): recursion is not in the dialect',
    ]);
  });
});

describe('a loop', () => {
  it.each([
    ['while (p) { }'],
    ['for (;;) { if (p) return 1; }'],
    ['while (p) { if (p > 1) yield* ld(0); }'],
    ['while (p) { if (p > 1) continue; yield* ld(0); }'],
    ['let i = 0; while (i < p) { if (p > 1) i++; }'],
    ['for (let i = 0; i < p; i--) { }'],
    ['let n = 3; for (let i = 0; i < n; i++) { n++; }'],
    ['for (let i = 0; i < p; i++) { i = 0; }'],
    ['while (p) { yield* sometimes(p); }'],
    ['while (p && (yield* ld(0))) { }'],
  ])('that may go round for ever without a step is refused: %s', (loop) => {
    const source = `export function* sometimes(p: number): Op { if (p) yield* ld(0); }
export function* ld(a: number): Op<number> { return yield* load(cell.value, a); }
export function* f(p: number): Op<number> { ${loop} return 0; }`;
    expect(refusalsIn({ 'a.ts': source })).toEqual(['common/a.ts:3: loop at 3 may never reach a primitive']);
  });

  it.each([
    ['while (yield* ld(0)) { }'],
    ['while (p) { yield* ld(0); }'],
    ['while (p) { if (p > 1) yield* ld(0); else yield* ld(1); }'],
    ['while (p) { if (p > 1) break; yield* ld(0); }'],
    ['for (let i = 0; i < p; i += 2) { if (p === 3) continue; }'],
    ['for (let i = p; 0 < i; i--) { }'],
    ['for (let i = p; i >= 0 && p; i -= STRIDE) { }'],
    ['for (;;) { if (p) return 1; yield* ld(0); }'],
  ])('that passes a step each round, or counts to its end, is in the dialect: %s', (loop) => {
    const source = `export const STRIDE = 2;
export function* ld(a: number): Op<number> { return yield* load(cell.value, a); }
export function* f(p: number): Op<number> { ${loop} return 0; }`;
    expect(refusalsIn({ 'a.ts': source })).toEqual([]);
  });
});

describe('a pure helper', () => {
  it.each([
    ['return self() + a;', 'self in a pure helper: a helper computes from its arguments alone'],
    ['return get(scratch.value, a);', 'get in a pure helper: a helper computes from its arguments alone'],
    ['const x = a; return x;', 'a pure helper is one return expression (a kernel function is function*)'],
    ['return a < 1;', 'a truth value is used as an integer: test it, or make it one by ? 1 : 0'],
  ])('is refused: %s', (body, message) => {
    const source = `export function h(a: number): number { ${body} }`;
    expect(refusalsIn({ 'a.ts': source })).toContain(`common/a.ts:1: ${message}`);
  });

  it('may call other helpers, divide and use constants', () => {
    const source = `export const K = 3;
export function h(a: number): number { return div(a, K) + g(min(a, 2)); }
export function g(a: number): number { return a ? a : K; }`;
    expect(refusalsIn({ 'a.ts': source })).toEqual([]);
  });
});

describe('a kernel file', () => {
  it.each([
    ['export let counter = 0;', 'module variables are not in the dialect: use const'],
    ['export const K = 0.5;', 'literal 0.5: only integers'],
    [
      'export const K = 1 / 2;',
      "operator '/' is not in the dialect (use === and integer operators, div() to divide)",
    ],
    ['export const K = UNKNOWN + 1;', "'UNKNOWN' is not a declared constant"],
    ['export const K = K + 1;', "'K' is defined by itself"],
    [
      'export class C {}',
      'ClassDeclaration: a kernel file holds imports, types, constants, helpers and kernel functions',
    ],
    ["import * as all from './x.ts';", 'import names one by one: the linker binds by name'],
    [
      "import { load as read } from './x.ts';",
      "'load' is imported under another name: the linker binds by name",
    ],
    ['export function* f<T>(a: T): Op {}', 'type parameters are not in the dialect'],
    ['export function* f(a = 1): Op {}', 'a parameter is one identifier, without a default'],
    ['export async function f() { return 1; }', 'a function has a name and a body, and is not async'],
    ['export function* f(load: number): Op {}', "'load' shadows a primitive"],
    [
      'export const load = 1;',
      "'load' is declared in the machine or the kernel’s state already: names are unique",
    ],
  ])('is refused: %s', (source, message) => {
    expect(refusalsIn({ 'a.ts': source })).toContain(`common/a.ts:1: ${message}`);
  });

  it('is refused when two files of one kernel declare the same name, with both places', () => {
    const declared = 'export function* f(): Op {}';
    expect(refusalsIn({ 'a.ts': declared, 'b.ts': `\n${declared}` })).toEqual([
      "common/b.ts:2: 'f' is declared in common/a.ts:1 already: names are unique",
    ]);
    expect(refusalsIn({ 'devmap/a.ts': declared, 'refcount/a.ts': declared })).toEqual([]);
  });

  it('may hold types, which mean nothing here', () => {
    const source = `import type { Pfn } from './x.ts';
import { type Op, load } from './y.ts';
export type Index = Pfn;
type Own = number;
export type { Pfn };`;
    expect(refusalsIn({ 'a.ts': source })).toEqual([]);
  });

  it('tells where the parser stopped when it is not TypeScript', () => {
    expect(refusalsIn({ 'a.ts': 'export const A = 1;\nexport function* (' })[0]).toMatch(
      /^common\/a\.ts:2: /,
    );
  });
});

it('lints several steps in one expression, which is allowed', () => {
  const source = `export function* f(a: number): Op<number> {
  return (yield* load(cell.value, a)) + (yield* load(cell.value, 1));
}`;
  const { files } = readSources([{ path: 'common/a.ts', text: source }]);
  const { refusals, lints } = checkProgram({ files, scope: testScope }, 'devmap');
  expect(refusals).toEqual([]);
  expect(lints.map(formatRefusal)).toEqual(['common/a.ts:2: 2 steps in one expression run left to right']);
});
