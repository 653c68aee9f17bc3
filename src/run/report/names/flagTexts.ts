import * as vmFlags from '../../../kernel/common/include/vm_flags.ts';
import { ANON_END_PFN, PG_anon_exclusive, PG_uptodate } from '../../../kernel/state/anon_page.ts';
import { I_DIRTY_DATASYNC, I_FREEING } from '../../../kernel/state/inode.ts';
import {
  PG_dirty,
  PG_head,
  PG_hwpoison,
  PG_locked,
  PG_referenced,
  PG_reserved,
} from '../../../kernel/state/memmap.ts';
import type { Pfn } from '../../../kernel/state/numbers.ts';

type Flags = readonly (readonly [flag: number, name: string])[];

const COMMON_PAGE_FLAGS: Flags = [
  [PG_referenced, 'referenced'],
  [PG_dirty, 'dirty'],
  [PG_reserved, 'reserved'],
  [PG_head, 'head'],
  [PG_locked, 'locked'],
];

const DEVICE_PAGE_FLAGS: Flags = [...COMMON_PAGE_FLAGS, [PG_hwpoison, 'hwpoison']];

const PRIVATE_PAGE_FLAGS: Flags = [
  ...COMMON_PAGE_FLAGS,
  [PG_anon_exclusive, 'anon_exclusive'],
  [PG_uptodate, 'uptodate'],
];

const INODE_STATES: Flags = [
  [I_DIRTY_DATASYNC, 'dirty_datasync'],
  [I_FREEING, 'freeing'],
];

/** Those that say what mprotect may do later are left out: they say little, and most VMAs have all of them. */
const VMA_FLAGS: Flags = Object.entries(vmFlags)
  .filter(([name, flag]) => /^VM_(?!MAY)/.test(name) && Number.isInteger(Math.log2(flag)))
  .map(([name, flag]) => [flag, name.slice('VM_'.length).toLowerCase()] as const)
  .toSorted(([one], [other]) => one - other);

/** The PG_ names of a page's flags: `referenced reserved`. */
export function pageFlagsText(flags: number, pfn: Pfn): string {
  return flagsText(flags, pfn < ANON_END_PFN ? PRIVATE_PAGE_FLAGS : DEVICE_PAGE_FLAGS);
}

/** The VM_ names of a VMA's flags. */
export function vmaFlagsText(flags: number): string {
  return flagsText(flags, VMA_FLAGS);
}

/** The I_ names of an inode's state. */
export function inodeStateText(state: number): string {
  return flagsText(state, INODE_STATES);
}

/** Names of the flags that are set, in the order of their list. */
export function flagsText(value: number, flags: Flags): string {
  const names = flags.filter(([flag]) => (value & flag) !== 0).map(([, name]) => name);
  return names.length === 0 ? 'none' : names.join(' ');
}
