import { FILE_PAGES } from '../../../kernel/state/address_space.ts';
import { FIRST_INODE } from '../../../kernel/state/inode.ts';
import type { IPagesSlot, MappingId, MmId, Pfn, Vaddr } from '../../../kernel/state/numbers.ts';
import type { Program, RegisterKind } from '../../../litmus/index.ts';
import type { Memory } from '../../../machine/memory.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import type { ActorNames } from '../../observe/actor.ts';
import type { FileMap } from '../../observe/fileMap.ts';
import type { Layout } from '../../observe/layout.ts';
import { process } from '../../state/process.ts';
import { REGISTERS_PER_PROCESS, register } from '../../state/register.ts';

export interface PlacesParts {
  readonly program: Program;
  readonly memory: Memory;
  readonly layout: Layout;
  readonly files: FileMap;
  readonly names: ActorNames;
}

/** Where a register's mapping is, or was. */
interface KnownMapping {
  readonly address: number;
  readonly length: number;
  /** Grows from mapping to mapping: of two at one place the later one is meant. */
  readonly serial: number;
}

/** Names what words are about: pages, files, devices, address spaces and what is mapped there. */
export class Places {
  private readonly parts: PlacesParts;
  /** The process that has, or had last, each address space. */
  private readonly owners: number[] = [];
  /** The last mapping of each register, by the register's slot. */
  private readonly mappings = new Map<number, KnownMapping>();
  private serial = 0;

  constructor(parts: PlacesParts) {
    const { memory } = parts;
    this.parts = parts;
    memory.watch(memory.of(process).mm, (index, _before, mm) => {
      this.owners[mm] = index;
    });
    const { address, length } = memory.of(register);
    memory.watch(length, (slot, _before, bytes) => {
      if (bytes === 0) return;
      this.mappings.set(slot, { address: address.get(slot), length: bytes, serial: ++this.serial });
    });
  }

  /** `d[3]`, `anon[0]`. */
  frame(pfn: Pfn): string {
    return this.parts.layout.nameOf(pfn);
  }

  /** `"a"` of a file, `d` of a device that is mapped itself. */
  mapping(mapping: MappingId): string {
    return mapping < FIRST_INODE ? this.device(mapping - 1) : this.parts.files.nameOf(mapping);
  }

  /** `"a".i_pages[0]`. */
  entry(slot: IPagesSlot): string {
    return `${this.mapping(Math.floor(slot / FILE_PAGES))}.i_pages[${slot % FILE_PAGES}]`;
  }

  /** The name of a file by its number in the test, plus 1. */
  nameOfFile(number: number): string {
    return this.parts.files.textOf(number);
  }

  device(device: number): string {
    return this.parts.layout.extents[device]?.name ?? `device[${device}]`;
  }

  thread(thread: number): string {
    return this.parts.names.threadName(thread);
  }

  /** `P.mm`; one that no process has yet is a new one. */
  mm(mm: MmId): string {
    const owner = this.parts.program.processes[this.owners[mm] ?? -1];
    return owner === undefined ? `new_mm[${mm}]` : `${owner.name}.mm`;
  }

  /** `P.p` for the register of a process that holds something of that kind; undefined for others. */
  register(slot: number, kinds: readonly RegisterKind[]): string | undefined {
    const owner = this.parts.program.processes[Math.floor(slot / REGISTERS_PER_PROCESS)];
    const found = owner?.registers[slot % REGISTERS_PER_PROCESS];
    return found !== undefined && kinds.includes(found.kind) ? `${owner?.name}.${found.name}` : undefined;
  }

  /** A page of an address space by the mapping that it lies in, or lay: `P.m.pte[0]`; `P.mm pte 0x…` where none did. */
  address(mm: MmId, page: Vaddr, what: string): string {
    const owner = this.parts.program.processes[this.owners[mm] ?? -1];
    let found: { readonly text: string; readonly serial: number } = { text: '', serial: 0 };
    for (const [slot, { name }] of owner?.registers.entries() ?? []) {
      const mapping = this.mappings.get((owner?.index ?? 0) * REGISTERS_PER_PROCESS + slot);
      if (mapping === undefined || mapping.serial < found.serial) continue;
      const within = page - mapping.address / PAGE_SIZE;
      if (within < 0 || within * PAGE_SIZE >= mapping.length) continue;
      found = { text: `${owner?.name}.${name}.${what}[${within}]`, serial: mapping.serial };
    }
    return found.serial > 0 ? found.text : `${this.mm(mm)} ${what} ${addressText(page)}`;
  }
}

/** The address of a page as the kernel prints it. */
export function addressText(page: Vaddr): string {
  return `0x${(page * PAGE_SIZE).toString(16)}`;
}
