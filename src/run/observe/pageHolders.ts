import {
  HOLDER_GET,
  HOLDER_PIN,
  HOLDER_PIPE,
  HOLDER_REQUEST,
  HOLDER_RING,
  HOLDER_RUNS,
  holder,
  holder_run,
} from '../../kernel/state/holder.ts';
import type { HolderId, MmId, Pfn } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import { SLOTS_HOLDER, slots } from '../../kernel/state/slots.ts';
import type { Program } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import { PAGE_REFERENCES, Registers } from '../state/registers.ts';

/** Something that holds references of a page. */
export interface PageHolder {
  /** The address space that its references belong to. */
  readonly mm: MmId;
  /** `pin P.p`, `pipe Q.v`; `a ring` where no register has it any more. */
  readonly name: string;
}

const KIND_NAMES: Readonly<Record<number, string>> = {
  [HOLDER_GET]: 'get',
  [HOLDER_PIN]: 'pin',
  [HOLDER_PIPE]: 'pipe',
  [HOLDER_RING]: 'ring',
  [HOLDER_REQUEST]: 'request',
};

/** Answers who holds a page, beside what maps it, as the test's author would say it. */
export class PageHolders {
  private readonly program: Program;
  private readonly memory: Memory;
  private readonly registers: Registers;

  constructor(program: Program, memory: Memory) {
    this.program = program;
    this.memory = memory;
    this.registers = new Registers(memory);
  }

  /** Who holds any page of the folio that a page is in, in the order in which they came. */
  of(pfn: Pfn): readonly PageHolder[] {
    const { order, compound_head } = this.memory.of(page);
    const head = compound_head.get(pfn) === 0 ? pfn : compound_head.get(pfn) - 1;
    const end = head + 2 ** order.get(head);
    const { kind, mm } = this.memory.of(holder);
    const limit = this.memory.of(slots).highest.get(SLOTS_HOLDER);
    const found: PageHolder[] = [];
    for (let owner: HolderId = 1; owner <= limit; owner++) {
      if (kind.get(owner) === 0 || !this.holdsAny(owner, head, end)) continue;
      found.push({ mm: mm.get(owner), name: this.nameOf(owner, KIND_NAMES[kind.get(owner)] ?? 'ring') });
    }
    return found;
  }

  /** The same in words: ` (pin P.p and pipe Q.v hold it)`, with a space before it; nothing where nobody does. */
  textOf(pfn: Pfn): string {
    const names = [...new Set(this.of(pfn).map(({ name }) => name))];
    return names.length === 0 ? '' : ` (${names.join(' and ')} ${names.length === 1 ? 'holds' : 'hold'} it)`;
  }

  private holdsAny(owner: HolderId, first: Pfn, end: Pfn): boolean {
    const runs = this.memory.of(holder_run);
    const start = owner * HOLDER_RUNS;
    for (let run = start; run < start + this.memory.of(holder).runs.get(owner); run++) {
      if (runs.first.get(run) < end && first < runs.first.get(run) + runs.count.get(run)) return true;
    }
    return false;
  }

  private nameOf(owner: HolderId, kind: string): string {
    for (const { index, name, registers } of this.program.processes) {
      const slot = registers.findIndex(
        (register, position) =>
          PAGE_REFERENCES.includes(register.kind) &&
          this.registers.read({ process: index, slot: position }).object === owner,
      );
      const found = registers[slot];
      if (found !== undefined) return `${kind} ${name}.${found.name}`;
    }
    return `a ${kind}`;
  }
}
