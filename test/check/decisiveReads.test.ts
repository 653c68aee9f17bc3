import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { decisiveReads } from '../../src/cli/check/decisiveReads.ts';
import { traceLines } from '../../src/cli/check/traceLines.ts';
import type { TraceEntry } from '../../src/litmus/output/index.ts';

type Words = Partial<Pick<TraceEntry, 'reads' | 'changes'>>;

function step(thread: string, name: string, { reads, changes = {} }: Words = {}): TraceEntry {
  return { thread, function: name, file: '', line: 0, ...(reads && { reads }), changes };
}

const read = (word: string): Words => ({ reads: { [word]: 1 } });
const change = (word: string): Words => ({ changes: { [word]: [1, 2] } });

function decisive(trace: readonly TraceEntry[]): readonly string[] {
  return [...decisiveReads(trace)].map((entry) => `${entry.thread} ${entry.function}`).sort();
}

describe('the reads of a trace that decided', () => {
  it('are the last ones before another thread comes in, and before the end', () => {
    const trace = [
      step('A', 'one', read('x')),
      step('A', 'two', read('y')),
      step('A', 'three'),
      step('B', 'four', read('z')),
      step('B', 'five', change('w')),
      step('A', 'six', read('x')),
      step('A', 'seven', read('z')),
    ];
    expect(decisive(trace)).toEqual(['A seven', 'A two', 'B four']);
  });

  it('are those of words that another thread changes behind them, or changed since the thread began', () => {
    const trace = [
      step('A', 'stale', read('x')),
      step('A', 'other', read('y')),
      step('A', 'last', read('y')),
      step('B', 'change', change('x')),
      step('A', 'fresh', read('x')),
      step('A', 'end', read('y')),
    ];
    expect(decisive(trace)).toEqual(['A end', 'A fresh', 'A last', 'A stale']);
  });

  it('are not those of what stood there before the thread began, or of what it changes itself', () => {
    const trace = [
      step('A', 'make', change('x')),
      step('B', 'look', read('x')),
      step('B', 'take', change('y')),
      step('B', 'own', read('y')),
      step('B', 'last', read('z')),
    ];
    expect(decisive(trace)).toEqual(['B last']);
  });

  it('stand in the lanes with what was read, where other steps are counted', () => {
    const trace = [
      step('A', 'first', read('x')),
      step('A', 'count', read('y')),
      step('A', 'sleep'),
      step('B', 'wake', change('y')),
    ];
    expect(traceLines(trace, pc.createColors(false))).toEqual([
      'A  … 1 step',
      '   count  y = 1',
      '   sleep',
      '   B  wake  y 1 → 2',
    ]);
  });
});
