import type { PhysicalAddress, VirtualAddress } from '../memory/addresses.ts';
import type { PhysicalMemory, VirtualMemory } from '../memory/physicalMemory.ts';
import { offsetBits, type PageTables, targetOf, walkPageTables } from './walk.ts';

/** A virtual address space that is read through its page tables. */
export interface MappedMemory extends VirtualMemory {
  /** Where the byte at an address is in physical memory, undefined when it is not mapped. */
  readonly physicalOf: (address: VirtualAddress) => PhysicalAddress | undefined;
}

/** The address space of page tables. Nothing is remembered from one read to the next: tables change. */
export function mappedMemory(memory: PhysicalMemory, tables: PageTables): MappedMemory {
  /** The byte's physical address, and how many bytes from it on are mapped by the same entry. */
  function extentAt(address: VirtualAddress): { physical: PhysicalAddress; length: number } | undefined {
    const entry = walkPageTables(memory, tables, address);
    if (entry === undefined || (entry.value & 1n) === 0n) return undefined;
    const pageSize = 2 ** offsetBits(entry.level);
    const offset = Number(address & BigInt(pageSize - 1));
    const target = targetOf(entry.value);
    return { physical: target - (target % pageSize) + offset, length: pageSize - offset };
  }

  function read(address: VirtualAddress, length: number): Uint8Array | undefined {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const extent = extentAt(BigInt.asUintN(64, address + BigInt(done)));
      if (extent === undefined) return undefined;
      const part = memory.read(extent.physical, Math.min(extent.length, length - done));
      if (part === undefined) return undefined;
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  return { read, physicalOf: (address) => extentAt(address)?.physical };
}
