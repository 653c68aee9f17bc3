import { expect, it } from 'vitest';
import { DONE, type Frame, PC } from '../../src/compile/frames/program.ts';
import { link } from '../../src/compile/link.ts';
import { cell, emptyMachine, programOf } from './tinyKernel.ts';

const WORDS = 4;
const PROGRAM = programOf({
  'a.ts': `
    export function* reader(last: number): Op {
      const seen = yield* load(cell.value, 0);
      yield* load(cell.value, 1);
      if (seen > 5) yield* store(cell.value, 2, 1);
      yield* store(cell.value, 3, last);
    }
    export function* writer(): Op { yield* store(cell.value, 0, 1); }`,
});

/** Number of states that a reader and a writer reach, each state being all shared words and both frames. */
function statesOf(zeroing: boolean): number {
  const machine = emptyMachine();
  const words = machine.memory.of(cell).value;
  const kernel = link(PROGRAM, 'frames', { scheme: 'devmap', zeroing });
  const programs = [kernel.program('reader'), kernel.program('writer')];
  const instances = programs.map((program) => program.instantiate(machine));
  const begin: Frame[] = programs.map(({ words: size }) => new Float64Array(size));
  instances[0]?.start(begin[0] as Frame, 0);
  instances[1]?.start(begin[1] as Frame);
  const key = (shared: readonly number[], frames: readonly Frame[]): string =>
    JSON.stringify([shared, frames.map((frame) => [...frame])]);
  const seen = new Set<string>();
  const pending = [{ shared: [0, 0, 0, 0], frames: begin }];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    const { shared, frames } = state;
    if (seen.has(key(shared, frames))) continue;
    seen.add(key(shared, frames));
    frames.forEach((frame, thread) => {
      if (frame[PC] === DONE) return;
      shared.forEach((value, index) => {
        words.set(index, value);
      });
      machine.cpu = thread;
      const next = frame.slice();
      instances[thread]?.step(next);
      pending.push({
        shared: Array.from({ length: WORDS }, (_, index) => words.get(index)),
        frames: frames.map((other, at) => (at === thread ? next : other)),
      });
    });
  }
  return seen.size;
}

/*
 * The reader stands before its first load, its second load (having seen 0 or 1), its store, or is done; the writer
 * has stored or not. What was seen matters to nobody behind the second load. Seen 1 is possible only after the store:
 * 2 + (2 + 1) + 2 + 2 states. A frame that keeps what was seen has it apart before the store and at the end as well.
 */
it('forgets dead locals, so that states that differ in nothing that matters are one', () => {
  expect(statesOf(true)).toBe(2 + (2 + 1) + 2 + 2);
});

it('tells states apart by dead locals when told to keep them', () => {
  expect(statesOf(false)).toBe(2 + (2 + 1) + (2 + 1) + (2 + 1));
});
