import type { PhysicalMemory } from './memory/physicalMemory.ts';
import { type MappedMemory, mappedMemory } from './pageTables/mappedMemory.ts';
import type { PageTables } from './pageTables/walk.ts';
import type { Vmcoreinfo } from './vmcoreinfo/vmcoreinfo.ts';

/** The virtual address space of a kernel. */
export interface KernelSpace {
  readonly tables: PageTables;
  readonly memory: MappedMemory;
}

/** Where the kernel's image is mapped before it is moved. Linux: Documentation/arch/x86/x86_64/mm.rst (6.16) */
const START_KERNEL_MAP = 0xffffffff80000000n;

/**
 * Opens the kernel's address space by the page tables that its VMCOREINFO names. Undefined when the tables do not map
 * themselves where VMCOREINFO says they are: then it belongs to a kernel that is no longer there.
 */
export function openKernelSpace(memory: PhysicalMemory, vmcoreinfo: Vmcoreinfo): KernelSpace | undefined {
  const root = vmcoreinfo.symbol('swapper_pg_dir');
  const physicalBase = vmcoreinfo.number('phys_base');
  if (root === undefined || physicalBase === undefined || root < START_KERNEL_MAP) return undefined;
  const physicalRoot = Number(root - START_KERNEL_MAP + physicalBase);
  if (physicalRoot < 0) return undefined;
  const tables: PageTables = {
    root: physicalRoot,
    hasP4d: vmcoreinfo.number('pgtable_l5_enabled') === 1n,
    encryptionMask: vmcoreinfo.number('sme_mask') ?? 0n,
  };
  const mapped = mappedMemory(memory, tables);
  return mapped.physicalOf(root) === physicalRoot ? { tables, memory: mapped } : undefined;
}
