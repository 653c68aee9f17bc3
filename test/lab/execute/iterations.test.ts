import { describe, expect, it } from 'vitest';
import type { KernelOutcome } from '../../../src/lab/execute/executeOn.ts';
import { Iterations, isConcurrent } from '../../../src/lab/execute/iterations.ts';
import { loadTest, type Program } from '../../../src/litmus/index.ts';
import type { ConditionResult, Verdict } from '../../../src/litmus/output/index.ts';

function program(body: string): Program {
  const loaded = loadTest(`DAX t\ndevice d = devdax(size=4M)\n${body}`, 't.litmus');
  if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
  return loaded.program;
}

function execution(
  registers: Record<string, number>,
  conditions: readonly ConditionResult[] = [],
  verdict: Verdict = 'ok',
): KernelOutcome {
  const executed = program('process P { barrier(x) }');
  const stats = {
    executions: 1,
    states: 0,
    transitions: 4,
    seconds: 1,
    peakBytes: 0,
    complete: verdict !== 'error',
  };
  return {
    result: {
      file: 't.litmus',
      name: 't',
      scheme: 'refcount',
      source: 'kernel 7.0',
      verdict,
      steps: [],
      conditions,
      violations: [],
      stats,
    },
    executed,
    registers,
    notExpressible: null,
    damage: null,
    contradiction: null,
    consoleTail: [],
    isUsable: true,
  };
}

const condition = (kind: ConditionResult['kind'], holds: boolean): ConditionResult => ({
  kind,
  text: 'x',
  line: 3,
  holds,
});

describe('repeated executions', () => {
  it('are for tests with more than one thread', () => {
    expect(isConcurrent(program('process P { barrier(x) }'))).toBe(false);
    expect(isConcurrent(program('process P { thread A { barrier(x) } }'))).toBe(true);
    expect(isConcurrent(program('process P { barrier(x) } process Q { barrier(x) }'))).toBe(true);
  });

  it('list each distinct end once, with the first execution that came to it', () => {
    const all = new Iterations();
    for (const [index, value] of [1, 2, 1].entries()) all.add(execution({ 'P.r': value }), index + 1);
    const { result } = all.outcome();
    expect(result.outcomes).toEqual([
      { registers: { 'P.r': 1 }, pages: {}, replay: 'iteration 1' },
      { registers: { 'P.r': 2 }, pages: {}, replay: 'iteration 2' },
    ]);
    expect(result.stats).toMatchObject({ executions: 3, transitions: 12, seconds: 3 });
  });

  it('keep a condition broken that was broken once, and an exists seen that was seen once', () => {
    const all = new Iterations();
    all.add(execution({}, [condition('finally', true), condition('exists', false)]), 1);
    all.add(execution({}, [condition('finally', false), condition('exists', true)], 'violated'), 2);
    all.add(execution({}, [condition('finally', true), condition('exists', false)]), 3);
    expect(all.outcome().result.conditions).toEqual([condition('finally', false), condition('exists', true)]);
    expect(all.outcome().result.verdict).toBe('violated');
  });

  it('come to what one of them violates, though an earlier one was cut short by what the test declares', () => {
    const all = new Iterations();
    all.add(execution({}), 1);
    all.add({ ...execution({}, [], 'incomplete'), damage: 'an oops' }, 2);
    all.add(execution({ 'P.r': 7 }, [], 'violated'), 3);
    expect(all.outcome()).toMatchObject({ result: { verdict: 'violated' }, registers: { 'P.r': 7 } });
    expect(all.outcome().damage).toBeNull();
  });

  it('are over when the kernel did not survive one', () => {
    const all = new Iterations();
    all.add(execution({}), 1);
    expect(all.isOver).toBe(false);
    all.add(execution({}, [], 'error'), 2);
    expect(all.isOver).toBe(true);
    expect(all.outcome().result.outcomes).toHaveLength(1);
  });
});
