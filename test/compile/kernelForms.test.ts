import { describe, expect, it } from 'vitest';
import type { Scheme } from '../../src/compile/dialect/source.ts';
import { RESULT } from '../../src/compile/frames/program.ts';
import { linkKernel } from '../../src/kernel/link.ts';
import { kernelScope } from '../../src/kernel/scope.ts';
import { file } from '../../src/kernel/state/mm.ts';
import { ModelKernel } from '../kernel/mm/modelKernel.ts';
import { describeArguments, describeChain, FrameThread } from './frameThread.ts';
import { type Random, seeded } from './randomProgram.ts';

const AT = 6 * 262144;
const UNITS = 2;
const CPUS = 3;
const SEEDS = 12;

/** System calls and user accesses on one address space, with arguments that hit the same few entries. */
function randomOperation(random: Random, align: number): readonly [name: string, ...args: number[]] {
  const address = (AT + random(UNITS) * align) * 4096;
  const length = (1 + random(UNITS)) * align * 4096;
  const choices: readonly (readonly [string, ...number[]])[] = [
    ['cpu_load', 1, address],
    ['cpu_store', 1, address, 7],
    ['sys_munmap', 1, address, length],
    ['sys_mprotect', 1, address, align * 4096, 1 + 2 * random(2)],
    ['sys_madvise', 1, address, align * 4096, 4],
    ['get_user_pages_fast', 1, address / 4096, 2, 2 + random(2)],
    ['pin_user_pages_fast', 1, address / 4096, 2, 8 + random(2)],
    ['sys_mremap', 1, address, align * 4096, align * 4096, 3, (AT + 64 * 262144) * 4096],
  ];
  return choices[random(choices.length)] ?? ['cpu_load', 1, address];
}

/** A kernel whose writes are listed as they happen. */
function watchedKernel(
  scheme: Scheme,
  align: number,
): { readonly kernel: ModelKernel; readonly writes: string[] } {
  const kernel = new ModelKernel(scheme, align, CPUS);
  for (let cpu = 0; cpu < CPUS; cpu++) kernel.runIn(cpu, 1);
  kernel.machine.memory.of(file).f_count.set(1, 100);
  kernel.map(1, AT, AT + UNITS * align);
  const writes: string[] = [];
  const { memory } = kernel.machine;
  for (const [struct, schema] of kernelScope.structs) {
    for (const [name, field] of Object.entries(memory.named(struct))) {
      if (!(name in schema.fields)) continue;
      memory.watch(field, (index, before, after) => {
        if (before !== after) writes.push(`${struct}[${index}].${name}: ${before} > ${after}`);
      });
    }
  }
  return { kernel, writes };
}

function compare(scheme: Scheme, align: number, seed: number): number {
  const random = seeded(seed);
  const reference = watchedKernel(scheme, align);
  const framed = watchedKernel(scheme, align);
  const generators = linkKernel({ form: 'generators', scheme, trace: true }).instantiate(
    reference.kernel.machine,
  );
  const frames = linkKernel({ form: 'frames', scheme });
  let steps = 0;
  for (let round = 0; round < 3; round++) {
    const operations = Array.from({ length: CPUS }, () => randomOperation(random, align));
    const expected = operations.map(([name, ...args], cpu) => generators.start(cpu, name, ...args));
    const actual = operations.map(
      ([name, ...args], cpu) => new FrameThread(framed.kernel.machine, frames.program(name), cpu, args),
    );
    for (let waits = 0; expected.some(({ done }) => !done) && waits < 500; steps++) {
      const at = random(CPUS);
      const [left, right] = [expected[at], actual[at]];
      if (left === undefined || right === undefined || left.done) continue;
      expect(right.point?.primitive).toBe(left.pending?.primitive);
      expect(describeArguments(right.args)).toEqual(describeArguments(left.pending?.args ?? []));
      expect(describeChain(right.point?.chain ?? [])).toBe(describeChain(left.chain));
      left.step();
      right.step();
      expect(right.blocked).toBe(left.blocked);
      waits = left.blocked ? waits + 1 : 0;
      expect(framed.writes).toEqual(reference.writes);
      framed.writes.length = 0;
      reference.writes.length = 0;
    }
    expect(actual.map(({ done }) => done)).toEqual(operations.map(() => true));
    expect(actual.map(({ frame }) => frame[RESULT])).toEqual(expected.map(({ result }) => result));
  }
  expect(framed.kernel.warnings).toEqual(reference.kernel.warnings);
  return steps;
}

describe.each(['devmap', 'refcount'] as const)('the kernel of the %s scheme', (scheme) => {
  it.each([1, 512])(
    'does step by step the same in frames as in generators, with entries of %s pages',
    (align) => {
      let steps = 0;
      for (let seed = 1; seed <= SEEDS; seed++) steps += compare(scheme, align, seed * 1000 + align);
      expect(steps).toBeGreaterThan(SEEDS * 100);
    },
  );
});
