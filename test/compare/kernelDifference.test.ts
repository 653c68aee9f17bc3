import { describe, expect, it } from 'vitest';
import {
  brokenCondition,
  brokenConditions,
  firstKernelDifference,
  undeclaredViolation,
  unjudgedConditions,
} from '../../src/compare/index.ts';
import type {
  ConditionResult,
  PageCounts,
  Step,
  TestResult,
  Violation,
} from '../../src/litmus/output/index.ts';

const counts = (refcount: number, mapcount = 0): PageCounts => ({
  refcount,
  mapcount,
  pincount: 0,
  order: 0,
});

function step(text: string, result: number | null, pages: Step['pages'] = {}): Step {
  return {
    process: 'P',
    thread: 'P',
    op: 'load',
    text,
    line: 4,
    result,
    errno: null,
    signal: null,
    skipped: false,
    pages,
  };
}

function result(steps: readonly Step[], more: Partial<TestResult> = {}): TestResult {
  const stats = { executions: 1, states: 0, transitions: 1, seconds: 0, peakBytes: 0, complete: true };
  return {
    file: 't.litmus',
    name: 't',
    scheme: 'refcount',
    source: 'model',
    verdict: 'ok',
    steps,
    conditions: [],
    violations: [],
    stats,
    ...more,
  };
}

function violation(property: Violation['property']): Violation {
  return { property, message: 'seen', page: null, actors: ['P: a (line 4)'], trace: [] };
}

function condition(kind: ConditionResult['kind'], holds: boolean): ConditionResult {
  return { kind, text: 'r == 1', line: 9, holds };
}

describe('a model and a kernel', () => {
  it('agree when every step and condition is alike', () => {
    const model = result([step('a', 0, { 'd[0]': counts(2, 1) })], {
      conditions: [condition('finally', true)],
    });
    expect(firstKernelDifference(model, { ...model, source: 'kernel 7.0' })).toBeNull();
  });

  it('agree where one of them names pages that have become part of a larger folio in the same step', () => {
    const folio = { 'd[512]': { ...counts(1, 1), order: 9 } };
    const model = result([step('a', 0, folio)]);
    const listing = (page: string): TestResult => result([step('a', 0, { ...folio, [page]: counts(0) })]);
    expect(firstKernelDifference(model, listing('d[517]'))).toBeNull();
    expect(firstKernelDifference(listing('d[1023]'), model)).toBeNull();
    for (const page of ['d[511]', 'd[1024]', 'e[517]']) {
      expect(firstKernelDifference(model, listing(page))).toMatchObject({ field: page });
    }
  });

  it('differ first in the count that differs, with both values', () => {
    const model = result([step('a', 0), step('b', 0, { 'd[0]': counts(2, 1) })]);
    const kernel = result([step('a', 0), step('b', 0, { 'd[0]': counts(3, 1) })]);
    expect(firstKernelDifference(model, kernel)).toEqual({
      step: 1,
      text: 'b',
      line: 4,
      field: 'd[0].refcount',
      model: '2',
      kernel: '3',
    });
  });

  it('differ in a page that only one of them changes', () => {
    const model = result([step('a', 0)]);
    const kernel = result([step('a', 0, { 'd[5]': counts(1) })]);
    expect(firstKernelDifference(model, kernel)).toMatchObject({
      field: 'd[5]',
      model: 'unchanged',
      kernel: 'refcount 1, mapcount 0, pincount 0, order 0',
    });
  });

  it('agree on a page of a file wherever each has put it, and on pagemap’s word for it', () => {
    const model = result([
      {
        ...step('a', 0, { 'd[0]': counts(1, 1), 'd[9]': counts(0) }),
        backs: { 'd[0]': 'd/f[0]', 'd[9]': 'd/g[1]' },
      },
      { ...step('b', 0), op: 'pagemap', backs: { 'd[0]': 'd/f[0]' } },
    ]);
    const kernel = result([
      {
        ...step('a', 0, { 'd[4]': counts(0), 'd[7]': counts(1, 1) }),
        backs: { 'd[7]': 'd/f[0]', 'd[4]': 'd/g[1]' },
      },
      { ...step('b', 7), op: 'pagemap', backs: { 'd[7]': 'd/f[0]' } },
    ]);
    expect(firstKernelDifference(model, kernel)).toBeNull();
    const elsewhere = result([
      {
        ...step('a', 0, { 'd[4]': counts(0), 'd[7]': counts(2, 1) }),
        backs: { 'd[7]': 'd/f[0]', 'd[4]': 'd/g[1]' },
      },
    ]);
    expect(firstKernelDifference(model, elsewhere)).toMatchObject({
      field: 'd/f[0].refcount',
      model: '1',
      kernel: '2',
    });
    const other = result([
      kernel.steps[0] as Step,
      { ...step('b', 7), op: 'pagemap', backs: { 'd[7]': 'd/f[1]' } },
    ]);
    expect(firstKernelDifference(model, other)).toMatchObject({ text: 'b', field: 'result' });
  });

  it('are compared over all steps together in which an operation slept', () => {
    const model = result([
      step('put', 0, { 'd[0]': counts(1) }),
      step('cut', 0, { 'd[0]': counts(0), 'd[1]': counts(0) }),
      step('after', 0),
    ]);
    const slept = (text: string, pages: Step['pages']): Step => ({ ...step(text, 0, pages), overlaps: true });
    const kernel = result([
      slept('put', { 'd[0]': counts(0), 'd[1]': counts(0) }),
      slept('cut', {}),
      step('after', 0),
    ]);
    expect(firstKernelDifference(model, kernel)).toBeNull();
    const late = result([
      slept('put', { 'd[0]': counts(1), 'd[1]': counts(0) }),
      slept('cut', {}),
      step('after', 0, { 'd[0]': counts(0) }),
    ]);
    expect(firstKernelDifference(model, late)).toMatchObject({ text: 'cut', field: 'd[0].refcount' });
    const failed = result([slept('put', {}), { ...slept('cut', {}), result: -4, errno: 'EINTR' }]);
    expect(firstKernelDifference(model, failed)).toMatchObject({
      text: 'cut',
      field: 'result',
      kernel: 'EINTR',
    });
  });

  it('are not compared by counts that went with their struct pages while an operation slept', () => {
    const model = result([
      step('unpin', 0, { 'd[0]': counts(0), 'e[0]': counts(1) }),
      step('unbind', 0),
      step('after', 0),
    ]);
    const kernel = (other: Step['pages'], gone: readonly string[]): TestResult =>
      result([
        { ...step('unpin', 0, other), overlaps: true, gone },
        { ...step('unbind', 0), overlaps: true },
        step('after', 0),
      ]);
    expect(firstKernelDifference(model, kernel({ 'e[0]': counts(1) }, ['d']))).toBeNull();
    expect(firstKernelDifference(model, kernel({ 'e[0]': counts(1) }, []))).toMatchObject({ field: 'd[0]' });
    expect(firstKernelDifference(model, kernel({ 'e[0]': counts(2) }, ['d']))).toMatchObject({
      text: 'unbind',
      field: 'e[0].refcount',
    });
  });

  it('differ in a result before they differ in counts', () => {
    const model = result([step('a', 0, { 'd[0]': counts(2) })]);
    const kernel = result([{ ...step('a', -22), errno: 'EINVAL' }]);
    expect(firstKernelDifference(model, kernel)).toMatchObject({
      field: 'result',
      model: '0',
      kernel: 'EINVAL',
    });
  });

  it('differ where the kernel stops although it came to its end, not where it was cut short', () => {
    const model = result([step('a', 0), step('b', 0)]);
    const kernel = result([step('a', 0)]);
    expect(firstKernelDifference(model, kernel)).toMatchObject({ step: 1, field: 'operation', kernel: '-' });
    expect(firstKernelDifference(model, { ...kernel, verdict: 'incomplete' })).toBeNull();
  });

  it('differ in what a kernel broke before it was cut short, not in what was never judged', () => {
    const model = result([step('a', 0), step('b', 0)], { conditions: [condition('always', true)] });
    const cut = { ...result([step('a', 0)]), verdict: 'incomplete' } as const;
    expect(firstKernelDifference(model, { ...cut, conditions: [condition('always', false)] })).toMatchObject({
      field: 'always',
      kernel: 'broken',
    });
    expect(firstKernelDifference(model, { ...cut, violations: [violation('kernel-warning')] })).toMatchObject(
      {
        field: 'kernel-warning',
      },
    );
    const possible = result(model.steps, { conditions: [condition('exists', true)] });
    expect(firstKernelDifference(possible, { ...cut, conditions: [condition('exists', false)] })).toBeNull();
    const broken = result(model.steps, { conditions: [condition('always', false)] });
    expect(firstKernelDifference(broken, { ...cut, conditions: [condition('always', true)] })).toBeNull();
  });

  it('are not told apart by what follows a declared hazard that cut the test short', () => {
    const hazard = { ...condition('hazard', true), text: 'memmap-after-teardown "known"' };
    const model = result([step('a', 0)], { conditions: [hazard] });
    const fallen = { ...model, verdict: 'incomplete' } as const;
    const violations = [violation('kernel-warning'), violation('memmap-after-teardown')];
    expect(firstKernelDifference(model, { ...fallen, violations })).toBeNull();
  });

  it('leave conditions open that the kernel could not judge', () => {
    const model = result([], { conditions: [condition('assert', true), condition('finally', true)] });
    const kernel = result([], { conditions: [condition('assert', true)] });
    expect(unjudgedConditions(model, kernel)).toEqual(['line 9: finally r == 1']);
    expect(unjudgedConditions(model, model)).toEqual([]);
    expect(unjudgedConditions(model, { ...kernel, verdict: 'incomplete' })).toEqual([]);
  });

  it('differ in a condition, but not in hazards or violations, which only a model sees', () => {
    const model = result([], { conditions: [condition('hazard', true), condition('assert', true)] });
    const kernel = result([], { conditions: [condition('hazard', false), condition('assert', false)] });
    expect(firstKernelDifference(model, kernel)).toEqual({
      step: null,
      text: 'r == 1',
      line: 9,
      field: 'assert',
      model: 'holds',
      kernel: 'broken',
    });
    const alike = result([], { conditions: [condition('hazard', false), condition('assert', true)] });
    expect(firstKernelDifference(model, alike)).toBeNull();
  });

  it('differ in a property that the kernel alone breaks and the test does not declare', () => {
    const kernel = result([step('a', 0)], { verdict: 'violated', violations: [violation('kernel-warning')] });
    expect(firstKernelDifference(result([step('a', 0)]), kernel)).toEqual({
      step: null,
      text: 'P: a (line 4)',
      line: null,
      field: 'kernel-warning',
      model: 'holds',
      kernel: 'kernel-warning: seen',
    });
    expect(firstKernelDifference({ ...kernel, source: 'model' }, kernel)).toBeNull();
    const hazard = { ...condition('hazard', true), text: 'kernel-warning "known"' };
    const declared = result([step('a', 0)], { conditions: [hazard], violations: kernel.violations });
    expect(firstKernelDifference(result([step('a', 0)], { conditions: [hazard] }), declared)).toBeNull();
    expect(undeclaredViolation(kernel)).toBe('kernel-warning: seen');
    expect(undeclaredViolation(declared)).toBeNull();
  });

  it('are told apart over many executions by a condition that the kernel breaks', () => {
    const kept = result([], { conditions: [condition('exists', false), condition('never', true)] });
    expect(brokenCondition(kept)).toBeNull();
    expect(brokenConditions(kept)).toEqual([]);
    const broken = result([], { conditions: [condition('never', false)] });
    expect(brokenConditions(broken)).toEqual([condition('never', false)]);
    expect(brokenCondition(broken)).toMatchObject({
      field: 'never',
      line: 9,
      model: 'holds',
      kernel: 'broken',
    });
  });
});
