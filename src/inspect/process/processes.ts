import type { KernelTypes } from '../btf/kernelTypes.ts';
import { InspectError } from '../inspectError.ts';
import { PAGE_SIZE, type Pfn, type VirtualAddress } from '../memory/addresses.ts';
import { readU64 } from '../memory/littleEndian.ts';
import type { PhysicalMemory } from '../memory/physicalMemory.ts';
import { decodeEntry } from '../pageTables/entry.ts';
import type { MappedMemory } from '../pageTables/mappedMemory.ts';
import { type PageTables, walkPageTables, walkRange } from '../pageTables/walk.ts';
import type { Symbols } from '../symbols/kallsyms.ts';
import { filePagesReader } from './counters.ts';
import type { InspectedProcess } from './inspectedProcess.ts';
import { taskList } from './taskList.ts';

/** What processes are found with. */
export interface ProcessSources {
  readonly memory: PhysicalMemory;
  readonly kernel: MappedMemory;
  /** The kernel's own page tables; those of processes have the same shape. */
  readonly tables: PageTables;
  readonly types: KernelTypes;
  readonly symbols: Symbols;
}

/**
 * Finds processes by their number in the initial PID namespace.
 *
 * @throws InspectError when the kernel lacks a symbol or a struct member that this takes
 */
export function processFinder({
  memory,
  kernel,
  tables,
  types,
  symbols,
}: ProcessSources): (pid: number) => InspectedProcess | undefined {
  const initTask = symbols.find('init_task');
  if (initTask === undefined)
    throw new InspectError('the kernel’s table of symbols has no init_task (is CONFIG_KALLSYMS_ALL on?)');
  const tasks = taskList(kernel, types, initTask);
  const pgd = BigInt(types.member('mm_struct', 'pgd').offset);
  const filePagesOf = filePagesReader(kernel, types, symbols);

  return (pid) => {
    for (const task of tasks()) {
      if (task.pid !== pid) continue;
      const pointer = task.mm === 0n ? undefined : kernel.read(task.mm + pgd, 8);
      const root = pointer === undefined ? undefined : kernel.physicalOf(readU64(pointer, 0));
      if (root === undefined) return undefined;
      return {
        pid,
        entry: (address) => {
          const walked = walkPageTables(memory, { ...tables, root }, address);
          return walked === undefined ? undefined : decodeEntry(walked, address);
        },
        frames: (address, pages) => framesIn(memory, { ...tables, root }, address, pages),
        filePages: () => filePagesOf(task.mm),
      };
    }
    return undefined;
  };
}

function framesIn(
  memory: PhysicalMemory,
  tables: PageTables,
  address: VirtualAddress,
  pages: number,
): (Pfn | undefined)[] {
  const frames: (Pfn | undefined)[] = Array.from({ length: pages });
  const pageOf = (at: VirtualAddress): number => Number(at - address) / PAGE_SIZE;
  walkRange(memory, tables, address, address + BigInt(pages * PAGE_SIZE), (entry, start, end) => {
    const pfn = entry.value === 0n ? undefined : decodeEntry(entry, start).pfn;
    if (pfn === undefined) return;
    const first = pageOf(start);
    for (let page = first; page < pageOf(end); page++) frames[page] = pfn + page - first;
  });
  return frames;
}
