import type { Pfn, VirtualAddress } from '../memory/addresses.ts';
import { readS32, readU32, readU64 } from '../memory/littleEndian.ts';
import type { VirtualMemory } from '../memory/physicalMemory.ts';
import type { FolioCounts, InspectedPage, LargeFolioCounts } from './inspectedPage.ts';
import type { StructPage } from './structPage.ts';

/** References that a pin of a small folio counts for. Linux: include/linux/mm.h GUP_PIN_COUNTING_BIAS (6.16) */
const PIN_WORTH = 1024;

/** The bits of `_flags_1` that hold the order. Linux: include/linux/mm.h folio_large_order (6.16) */
const ORDER_MASK = 0xffn;

/** The array of all struct pages, which begins with the one of frame 0. */
export interface Vmemmap {
  readonly start: VirtualAddress;
  /** Frames that the array has room for; behind it comes other memory of the kernel. */
  readonly frames: number;
}

/** Struct pages of frames, one after the other, as they stood in memory. */
export interface StructPages {
  readonly first: Pfn;
  readonly bytes: Uint8Array;
}

/** The counts of a frame among struct pages that were read before; undefined when it is not there, or of a large folio. */
export function smallCountsIn(
  { first, bytes }: StructPages,
  pfn: Pfn,
  layout: StructPage,
): FolioCounts | undefined {
  const at = (pfn - first) * layout.size;
  if (!(at >= 0 && at + layout.size <= bytes.length)) return undefined;
  const page = bytes.subarray(at, at + layout.size);
  const isTail = (readU32(page, layout.head.offset) & 1) !== 0;
  if (isTail || (readU64(page, layout.flags) & layout.headFlag) !== 0n) return undefined;
  const refcount = readS32(page, layout.refcount);
  return {
    headPfn: pfn,
    refcount,
    mapcount: mapcountOf(page, layout),
    pincount: pinsWorth(refcount),
    order: 0,
  };
}

/** Reads struct pages out of the array of all of them. */
export function pageReader(
  kernel: VirtualMemory,
  layout: StructPage,
  vmemmap: Vmemmap,
): (pfn: Pfn) => InspectedPage | undefined {
  const structSize = BigInt(layout.size);

  function headOf(address: VirtualAddress, page: Uint8Array): VirtualAddress {
    const word = readU64(page, layout.head.offset);
    if ((word & 1n) === 0n) return address;
    return layout.head.form === 'mask' ? address & word : word & ~1n;
  }

  return (pfn) => {
    if (!Number.isInteger(pfn) || pfn < 0 || pfn >= vmemmap.frames) return undefined;
    const address = vmemmap.start + BigInt(pfn) * structSize;
    const page = kernel.read(address, layout.size);
    if (page === undefined) return undefined;
    const headAddress = headOf(address, page);
    const distance = headAddress - vmemmap.start;
    // A word that points between struct pages was read while the folio was taken apart.
    if (distance < 0n || distance % structSize !== 0n || headAddress > address) return undefined;
    const head = headAddress === address ? page : kernel.read(headAddress, layout.size);
    if (head === undefined) return undefined;
    const isLarge = (readU64(head, layout.flags) & layout.headFlag) !== 0n;
    const folio = isLarge ? kernel.read(headAddress, layout.folio.size) : undefined;
    if (isLarge && folio === undefined) return undefined;

    const refcount = readS32(head, layout.refcount);
    const flags = readU64(head, layout.flags);
    const smallMapcount = mapcountOf(page, layout);
    const large = folio === undefined ? undefined : largeCounts(folio, layout);
    return {
      pfn,
      kind: headAddress !== address ? 'tail' : isLarge ? 'head' : 'small',
      headPfn: Number(distance / structSize),
      refcount,
      mapcount: large?.largeMapcount ?? smallMapcount,
      pincount: folio === undefined ? pinsWorth(refcount) : readS32(folio, layout.folio.pincount),
      order: folio === undefined ? 0 : Number(readU64(folio, layout.folio.flagsOfSecond) & ORDER_MASK),
      ownRefcount: readS32(page, layout.refcount),
      ownMapcount: smallMapcount,
      large,
      flags: layout.flagNames.filter(({ bit }) => ((flags >> bit) & 1n) === 1n).map(({ name }) => name),
      mapping: readU64(head, layout.folio.mapping),
      index: readU64(head, layout.folio.index),
    };
  };
}

/** Pins that the references of a small folio amount to: none, where somebody has dropped more than there were. */
function pinsWorth(refcount: number): number {
  return Math.max(0, Math.floor(refcount / PIN_WORTH));
}

/** Pages that no process can map keep their type where others count mappings: read as a number, it is negative. */
function mapcountOf(page: Uint8Array, layout: StructPage): number {
  return Math.max(0, readS32(page, layout.mapcount) + 1);
}

function largeCounts(folio: Uint8Array, { folio: members }: StructPage): LargeFolioCounts {
  return {
    entireMapcount: readS32(folio, members.entireMapcount) + 1,
    largeMapcount: readS32(folio, members.largeMapcount) + 1,
    nrPagesMapped: readS32(folio, members.nrPagesMapped),
  };
}
