import {
  HOLDER_GET,
  HOLDER_PIN,
  HOLDER_PIPE,
  HOLDER_REQUEST,
  HOLDER_RING,
  HOLDER_RUNS,
  holder,
  holder_run,
} from '../../../src/kernel/state/holder.ts';
import { SLOTS_HOLDER, slots } from '../../../src/kernel/state/slots.ts';
import type { Program } from '../../../src/litmus/index.ts';
import type { Memory } from '../../../src/machine/memory.ts';
import { referenceWord, unitsOfRun } from '../../../src/run/observe/census.ts';
import type { Layout, Unit } from '../../../src/run/observe/layout.ts';
import { PINS } from '../../../src/run/observe/unitWords.ts';
import { REGISTER_OBJECT } from '../../../src/run/state/register.ts';
import { Registers } from '../../../src/run/state/registers.ts';

/** References that one holder has on one folio. */
export interface Held {
  readonly unit: Unit;
  /** `P.p`, the register that names it, or what kind of holder it is. */
  readonly name: string;
  readonly isPin: boolean;
  readonly references: number;
}

const KIND_NAMES: Readonly<Record<number, string>> = {
  [HOLDER_GET]: 'get',
  [HOLDER_PIN]: 'pin',
  [HOLDER_PIPE]: 'pipe',
  [HOLDER_RING]: 'io_uring',
  [HOLDER_REQUEST]: 'I/O in flight',
};

/** Who holds folios in this state, but for those whose struct pages have gone since. */
export function holdersOf(
  program: Program,
  memory: Memory,
  layout: Layout,
  isStale: (owner: number) => boolean,
): Held[] {
  const { kind, runs, per_folio } = memory.of(holder);
  const { first, count } = memory.of(holder_run);
  const names = holderNames(program, memory);
  const held: Held[] = [];
  for (let owner = 1; owner <= memory.of(slots).highest.get(SLOTS_HOLDER); owner++) {
    if (kind.get(owner) === 0 || isStale(owner)) continue;
    const name = names.get(owner) ?? KIND_NAMES[kind.get(owner)] ?? 'a holder';
    const isPin = referenceWord(kind.get(owner)) === PINS;
    for (let run = owner * HOLDER_RUNS; run < owner * HOLDER_RUNS + runs.get(owner); run++) {
      for (const [unit, frames] of unitsOfRun(layout, first.get(run), count.get(run))) {
        held.push({ unit, name, isPin, references: per_folio.get(owner) !== 0 ? 1 : frames });
      }
    }
  }
  return held;
}

function holderNames(program: Program, memory: Memory): ReadonlyMap<number, string> {
  const registers = new Registers(memory);
  const names = new Map<number, string>();
  for (const { index, name: processName, registers: declared } of program.processes) {
    declared.forEach(({ name, kind }, slot) => {
      if (kind === 'mapping' || kind === 'number') return;
      const { state, object } = registers.read({ process: index, slot });
      if (state === REGISTER_OBJECT && object !== 0) names.set(object, `${processName}.${name}`);
    });
  }
  return names;
}
