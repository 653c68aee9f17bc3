import type { KernelTypes } from '../btf/kernelTypes.ts';
import { InspectError } from '../inspectError.ts';

/** Where struct page and struct folio of a kernel keep what is read from them. Offsets in bytes. */
export interface StructPage {
  /** Bytes of a struct page. */
  readonly size: number;
  readonly flags: number;
  readonly refcount: number;
  readonly mapcount: number;
  readonly head: HeadWord;
  /** The mask of PG_head within the flags. */
  readonly headFlag: bigint;
  /** Flags by name; of names that share a bit the first. */
  readonly flagNames: readonly FlagName[];
  readonly folio: FolioLayout;
}

/** The word in which a tail page, bit 0 set, says where its head is. */
export interface HeadWord {
  readonly offset: number;
  /** `address`: the address of the head; `mask`: what the tail's own address is cut with to give it. */
  readonly form: 'address' | 'mask';
}

export interface FlagName {
  readonly name: string;
  readonly bit: bigint;
}

/** What a folio keeps in the struct pages of its first pages. */
export interface FolioLayout {
  /** Bytes from the head on that hold all of the members below. */
  readonly size: number;
  readonly mapping: number;
  readonly index: number;
  readonly flagsOfSecond: number;
  readonly largeMapcount: number;
  readonly entireMapcount: number;
  readonly nrPagesMapped: number;
  readonly pincount: number;
}

/**
 * Finds the members by name in the kernel's own types.
 *
 * Linux: include/linux/mm_types.h struct page, struct folio (7.3; members moved in 6.16, the word of tails was
 * renamed when it came to hold a mask)
 *
 * @throws InspectError that names what this kernel does not have
 */
export function structPageOf(types: KernelTypes): StructPage {
  const size = types.sizeOf('page');
  const flagNames = flagNamesOf(types);
  const head = flagNames.find(({ name }) => name === 'PG_head');
  if (head === undefined) throw new InspectError('enum pageflags of this kernel has no PG_head');
  return {
    size,
    flags: types.member('page', 'flags').offset,
    refcount: types.member('page', '_refcount').offset,
    mapcount: types.member('page', '_mapcount').offset,
    head: headWordOf(types, size),
    headFlag: 1n << head.bit,
    flagNames,
    folio: folioLayoutOf(types),
  };
}

/**
 * `compound_info` holds a mask where a struct page has a power of two as its size, so that the mask can cut off the
 * distance to the head.
 *
 * Linux: include/linux/page-flags.h compound_info_has_mask (7.3)
 */
function headWordOf(types: KernelTypes, size: number): HeadWord {
  const info = types.findMember('page', 'compound_info');
  if (info === undefined) return { offset: types.member('page', 'compound_head').offset, form: 'address' };
  const isPowerOfTwo = (size & (size - 1)) === 0;
  return { offset: info.offset, form: isPowerOfTwo ? 'mask' : 'address' };
}

function folioLayoutOf(types: KernelTypes): FolioLayout {
  const members = {
    mapping: types.member('folio', 'mapping'),
    index: types.member('folio', 'index'),
    flagsOfSecond: types.member('folio', '_flags_1'),
    largeMapcount: types.member('folio', '_large_mapcount'),
    entireMapcount: types.member('folio', '_entire_mapcount'),
    nrPagesMapped: types.member('folio', '_nr_pages_mapped'),
    pincount: types.member('folio', '_pincount'),
  };
  return {
    size: Math.max(...Object.values(members).map(({ offset, size }) => offset + size)),
    mapping: members.mapping.offset,
    index: members.index.offset,
    flagsOfSecond: members.flagsOfSecond.offset,
    largeMapcount: members.largeMapcount.offset,
    entireMapcount: members.entireMapcount.offset,
    nrPagesMapped: members.nrPagesMapped.offset,
    pincount: members.pincount.offset,
  };
}

/** Bits above the flags hold the section, node and zone of the page. */
function flagNamesOf(types: KernelTypes): FlagName[] {
  const enumerators = types.enumerators('pageflags');
  if (enumerators === undefined) throw new InspectError('this kernel has no enum pageflags');
  const count = enumerators.find(({ name }) => name === '__NR_PAGEFLAGS')?.value ?? 0;
  const names: FlagName[] = [];
  for (const { name, value } of enumerators) {
    const bit = BigInt(value);
    if (value < count && !names.some((other) => other.bit === bit)) names.push({ name, bit });
  }
  return names;
}
