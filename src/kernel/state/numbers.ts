import type { Brand, Cpu, Entry, Pfn, Vaddr } from '../../machine/brand.ts';

export type { Cpu, Entry, Pfn, Vaddr };

/** A process's address space, from 1: the number that CR3 holds; 0 is no address space. */
export type MmId = Brand<'MmId'>;

/** Slot of a vm_area_struct, from 1; 0 is no VMA. */
export type VmaId = Brand<'VmaId'>;

/** A page-table page of any level, from 1; 0 is no table. */
export type TableId = Brand<'TableId'>;

/** A slot in a table of one level: `table * PTRS_PER_TABLE + index` (pte_t *, pmd_t *, pud_t *, pgd_t *). */
export type PteSlot = Brand<'PteSlot'>;
export type PmdSlot = Brand<'PmdSlot'>;
export type PudSlot = Brand<'PudSlot'>;
export type PgdSlot = Brand<'PgdSlot'>;

/** A DAX device, from 0; also the number of its pgmap, its dax_device and its address_space. */
export type DeviceId = Brand<'DeviceId'>;

/** An address_space: device number plus 1 for that of a DAX device, FIRST_INODE and up for those of files; 0 is NULL. */
export type MappingId = Brand<'MappingId'>;

/** An inode has the number of its address_space. */
export type InodeId = MappingId;

/** An entry of an address_space's i_pages: `mapping * FILE_PAGES + index`. */
export type IPagesSlot = Brand<'IPagesSlot'>;

/** Slot of an extent, from 1; 0 is none. */
export type ExtentId = Brand<'ExtentId'>;

/** An open file description, from 1; 0 is none. */
export type FileId = Brand<'FileId'>;

/** A set of page references that user space holds (a pipe, a ring's buffer, an I/O in flight), from 1. */
export type HolderId = Brand<'HolderId'>;

/** One run of neighbouring pages in a set of references: `holder * HOLDER_RUNS + position`. */
export type HolderRun = Brand<'HolderRun'>;
