import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { comparisonTable } from '../../src/cli/kernelRun/comparisonTable.ts';
import { statusOf } from '../../src/cli/kernelRun/failure.ts';
import { compareWithModel, type KernelComparison } from '../../src/cli/kernelRun/kernelComparison.ts';
import type { KernelOutcome } from '../../src/lab/execute/index.ts';
import { loadTest } from '../../src/litmus/index.ts';
import type { TestResult } from '../../src/litmus/output/index.ts';
import { run } from '../../src/run/index.ts';

const RELEASE = '6.12.1';
const BODY = `DAX t
  device d = devdax(size=4M, align=4K)
  process P { m = mmap(d, offset=0, length=4K, prot=rw)
              store(m, 0, 1) }`;

/** A kernel that does what the model does, but for what is given. */
function compared(
  change: (model: TestResult) => Partial<TestResult>,
  rest = '',
  more: Partial<KernelOutcome> = {},
  isRepeated = false,
): KernelComparison {
  const loaded = loadTest(`${BODY}\n${rest}`, 't.litmus');
  if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
  const { program } = loaded;
  const model = run(program, 'devmap');
  const outcome: KernelOutcome = {
    result: { ...model, source: `kernel ${RELEASE}`, violations: [], ...change(model) },
    executed: program,
    registers: {},
    notExpressible: null,
    damage: null,
    contradiction: null,
    consoleTail: [],
    isUsable: true,
    ...more,
  };
  return compareWithModel({ program, outcome, isRepeated }, RELEASE);
}

function report(...comparisons: KernelComparison[]): string {
  return comparisonTable(
    [{ release: RELEASE, comparisons, boots: 1, thaws: 0, seconds: 1 }],
    pc.createColors(false),
  );
}

const WARNING = {
  property: 'kernel-warning',
  message: 'WARNING: at mm/memremap.c:461',
  page: null,
  actors: ['the end of the test'],
  trace: [],
} as const;

describe('kernel run', () => {
  it('ends with 0 and names nobody where all agree', () => {
    const fine = compared(() => ({}));
    expect(statusOf(fine)).toBe(0);
    expect(report(fine)).toMatch(/1 test: 1 agrees \(1 boot, 1 s\)\n$/);
    expect(report(fine)).not.toContain('FAILED');
  });

  it('ends with 1, and names the test, where only the kernel breaks a property', () => {
    const warned = compared(() => ({ verdict: 'violated', violations: [WARNING] }));
    expect(warned.outcome).toBe('differs');
    expect(statusOf(warned)).toBe(1);
    expect(
      report(
        compared(() => ({})),
        warned,
      ),
    ).toMatch(
      /2 tests: 1 agrees, 1 differs; 1 failed .*\nFAILED t\.litmus on 6\.12\.1: differs from the model: .*kernel-warning: WARNING: at mm\/memremap\.c:461\n$/,
    );
  });

  it('ends with 0 where the kernel breaks what the test declares, though it goes on', () => {
    const declared = compared(
      (model) => ({ verdict: 'ok', violations: [WARNING], conditions: model.conditions }),
      'hazard kernel-warning "known"',
    );
    expect(declared.outcome).toBe('agrees');
    expect(statusOf(declared)).toBe(0);
  });

  it('ends with 1, and names the test, where model and kernel agree that a condition is broken', () => {
    const broken = compared((model) => ({ verdict: model.verdict }), 'finally m == 5');
    expect(broken.outcome).toBe('agrees');
    expect(statusOf(broken)).toBe(1);
    expect(report(broken)).toMatch(
      /1 test: 1 agrees; 1 failed .*\nFAILED t\.litmus on 6\.12\.1: violated on the kernel: line 5: finally m == 5 \(P\.m = 0\)\n$/,
    );
  });

  it('names every condition that is broken, with what its terms came to, also where the kernel differs', () => {
    // Under devmap a mapping takes no reference of its own: the page of a mapped device has the one that is the device's.
    const rest = 'finally d[0].refcount == 7\nfinally m == 0\nnever d.size == 4M && m == 0';
    const broken =
      'line 5: finally d[0].refcount == 7 (d[0].refcount = 1); line 7: never d.size == 4M && m == 0 (d.size = 4194304, P.m = 0)';
    const agreed = compared((model) => ({ verdict: model.verdict }), rest);
    expect(report(agreed)).toContain(`: violated on the kernel: ${broken}\n`);
    const other = compared((model) => {
      const [mmap, store] = model.steps;
      if (mmap === undefined || store === undefined) throw new Error('a step is missing');
      return { verdict: model.verdict, steps: [mmap, { ...store, result: 1 }] };
    }, rest);
    expect(report(other)).toContain(
      `: differs from the model: line 4: store(m, 0, 1): result: model 0, kernel 1; broken on the kernel: ${broken}\n`,
    );
  });

  it('has a column only for what some test has', () => {
    const fine = compared(() => ({}));
    expect(report(fine).split('\n')[1]).toMatch(/^│ test +│ kernel +│ verdict +│ model and kernel +│$/);
    const open = compared(() => ({ conditions: [] }), 'finally d.pgmap.ref == 0');
    expect(report(fine, open)).toMatch(/│ model and kernel │ where +│\n/);
    const warned = compared(() => ({ verdict: 'violated', violations: [WARNING] }));
    expect(report(fine, warned)).toMatch(/│ where +│ model +│ kernel has +│\n/);
  });

  it('ends with 1 where the kernel warns before it meets what it cannot express', () => {
    const change = { verdict: 'incomplete', violations: [WARNING] } as const;
    const warned = compared(() => change, '', { notExpressible: 'pin: nothing does that' });
    expect(warned.outcome).toBe('differs');
    expect(statusOf(warned)).toBe(1);
    const fine = compared(() => ({ verdict: 'incomplete' }), '', {
      notExpressible: 'pin: nothing does that',
    });
    expect(fine.outcome).toBe('not expressible');
    expect(statusOf(fine)).toBe(0);
  });

  it('says that a kernel differs which warns in one of many executions', () => {
    const warned = compared(() => ({ verdict: 'violated', violations: [WARNING] }), '', {}, true);
    expect(warned).toMatchObject({ outcome: 'differs', difference: { field: 'kernel-warning' } });
    expect(statusOf(warned)).toBe(1);
    expect(compared(() => ({}), '', {}, true).outcome).toBe('agrees');
  });

  it('never agrees with an execution that did not come to its end', () => {
    expect(compared(() => ({ verdict: 'incomplete' })).outcome).toBe('error');
    expect(compared(() => ({ verdict: 'error' })).outcome).toBe('error');
  });

  it('names the conditions that a kernel does not show', () => {
    const open = compared(() => ({ conditions: [] }), 'finally d.pgmap.ref == 0');
    expect(open).toMatchObject({ outcome: 'agrees', unjudged: ['line 5: finally d.pgmap.ref == 0'] });
    expect(report(open)).toContain('not judged: line 5: finally d.pgmap.ref == 0');
  });

  it('ends with 4, and says why, where the kernel did not answer', () => {
    const lost = compared(() => ({ verdict: 'error', error: 't.litmus: the agent in the guest is gone' }));
    expect(statusOf(lost)).toBe(4);
    expect(report(lost)).toContain('FAILED t.litmus on 6.12.1: t.litmus: the agent in the guest is gone\n');
  });

  it('ends with 1, and names the oops, where the kernel fell over what the test does not declare', () => {
    const change = {
      verdict: 'error',
      error: 't.litmus: the agent in the guest is gone',
      violations: [WARNING],
    } as const;
    const fallen = compared(() => change);
    expect(statusOf(fallen)).toBe(1);
    expect(report(fallen)).toContain(
      'FAILED t.litmus on 6.12.1: the kernel did not survive: kernel-warning: WARNING: at mm/memremap.c:461\n',
    );
  });
});
