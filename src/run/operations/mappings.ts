import * as mman from '../../kernel/common/include/mman.ts';
import { VM_SHARED } from '../../kernel/common/include/vm_flags.ts';
import { FIRST_INODE } from '../../kernel/state/inode.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import type { PagesOfFile } from '../observe/fileMap.ts';
import { VmaFinder } from '../observe/vmaFinder.ts';
import type { Content } from '../state/registers.ts';
import { type Adapter, type Adapters, call, number, type Plan, result } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { errno } from './errno.ts';
import { promising } from './promises.ts';

const PROTECTIONS: Readonly<Record<string, number>> = {
  none: 0,
  r: mman.PROT_READ,
  w: mman.PROT_WRITE,
  rw: mman.PROT_READ | mman.PROT_WRITE,
  rx: mman.PROT_READ | mman.PROT_EXEC,
};

const SHARINGS: Readonly<Record<string, number>> = {
  shared: mman.MAP_SHARED,
  private: mman.MAP_PRIVATE,
  shared_validate: mman.MAP_SHARED_VALIDATE,
  untyped: 0,
};

const ADVICES: Readonly<Record<string, number>> = {
  NORMAL: mman.MADV_NORMAL,
  RANDOM: mman.MADV_RANDOM,
  SEQUENTIAL: mman.MADV_SEQUENTIAL,
  WILLNEED: mman.MADV_WILLNEED,
  DONTNEED: mman.MADV_DONTNEED,
  DONTNEED_LOCKED: mman.MADV_DONTNEED_LOCKED,
  FREE: mman.MADV_FREE,
  REMOVE: mman.MADV_REMOVE,
  DONTFORK: mman.MADV_DONTFORK,
  DOFORK: mman.MADV_DOFORK,
  MERGEABLE: mman.MADV_MERGEABLE,
  UNMERGEABLE: mman.MADV_UNMERGEABLE,
  HUGEPAGE: mman.MADV_HUGEPAGE,
  NOHUGEPAGE: mman.MADV_NOHUGEPAGE,
  DONTDUMP: mman.MADV_DONTDUMP,
  DODUMP: mman.MADV_DODUMP,
  WIPEONFORK: mman.MADV_WIPEONFORK,
  KEEPONFORK: mman.MADV_KEEPONFORK,
  COLD: mman.MADV_COLD,
  PAGEOUT: mman.MADV_PAGEOUT,
  POPULATE_READ: mman.MADV_POPULATE_READ,
  POPULATE_WRITE: mman.MADV_POPULATE_WRITE,
  COLLAPSE: mman.MADV_COLLAPSE,
  HWPOISON: mman.MADV_HWPOISON,
  SOFT_OFFLINE: mman.MADV_SOFT_OFFLINE,
};

/** Address space: mmap and the system calls that change what it made. */
export const mappings: Adapters = {
  mmap: { takesAway: 'own', plan: planMmap, finish: finishMmap },
  munmap: takingAway((context) => call('sys_munmap', context.mm, ...range(context))),
  mprotect: takingAway((context) => call('sys_mprotect', context.mm, ...range(context), protection(context))),
  mremap: { takesAway: 'own', plan: planMremap, finish: finishMremap },
  madvise: takingAway(
    (context) => call('sys_madvise', context.mm, ...range(context), advice(context)),
    ['DONTNEED', 'DONTNEED_LOCKED'],
  ),
  mlock: { plan: (context) => call('sys_mlock', context.mm, ...range(context)) },
  munlock: { plan: (context) => call('sys_munlock', context.mm, ...range(context)) },
  mlockall: {
    plan: (context) =>
      call(
        'sys_mlockall',
        context.mm,
        (context.flag('current') ? mman.MCL_CURRENT : 0) | (context.flag('future') ? mman.MCL_FUTURE : 0),
      ),
  },
  munlockall: { plan: (context) => call('sys_munlockall', context.mm) },
  msync: { plan: planMsync },
};

/** MS_SYNC promises the pages of files that the range maps shared, and nothing of a device. */
function planMsync(context: OperationContext): Plan {
  const [address, length] = range(context);
  const kernelCall = call('sys_msync', context.mm, address, length, mman.MS_SYNC);
  if (!context.mapsFile('mapping')) return kernelCall;
  const first = Math.floor(address / PAGE_SIZE);
  const end = Math.ceil((address + length) / PAGE_SIZE);
  const vmas = new VmaFinder(context.world.memory);
  const pages = (): readonly PagesOfFile[] =>
    [...vmas.mappedIn(context.mm, first, end)]
      .filter(({ vma, mapping }) => mapping >= FIRST_INODE && (vmas.flagsOf(vma) & VM_SHARED) !== 0)
      .map(({ mapping, index, pages: count }) => ({ file: mapping, first: index, last: index + count - 1 }));
  return promising(context, pages, kernelCall);
}

/** First byte and bytes of the part of the mapping that an operation names; all of it unless given. */
function range(context: OperationContext): [address: number, length: number] {
  const mapping = context.register('mapping');
  const offset = context.optionalNumber('offset') ?? 0;
  return [mapping.address + offset, context.optionalNumber('length') ?? mapping.length - offset];
}

function protection(context: OperationContext): number {
  return PROTECTIONS[context.word('prot')] ?? 0;
}

function advice(context: OperationContext): number {
  return ADVICES[context.word('advice')] ?? -1;
}

function planMmap(context: OperationContext): Plan {
  const at = context.optionalNumber('at');
  const sharing = SHARINGS[context.word('sharing')] ?? 0;
  const isFixed = context.flag('fixed');
  const flags =
    (context.flag('sync') && sharing === mman.MAP_SHARED ? mman.MAP_SHARED_VALIDATE : sharing) |
    (context.flag('sync') ? mman.MAP_SYNC : 0) |
    (context.flag('populate') ? mman.MAP_POPULATE : 0) |
    (context.flag('locked') ? mman.MAP_LOCKED : 0) |
    (context.flag('noreserve') ? mman.MAP_NORESERVE : 0) |
    (isFixed ? mman.MAP_FIXED : 0) |
    (at !== null && !isFixed ? mman.MAP_FIXED_NOREPLACE : 0);
  const { file } = context.target();
  if (file === 0) return result(errno('EBADF'));
  return call(
    'sys_mmap',
    context.mm,
    file,
    at ?? context.optionalNumber('hint') ?? 0,
    context.number('length'),
    protection(context),
    flags,
    context.optionalNumber('offset') ?? 0,
  );
}

function finishMmap(context: OperationContext, address: number): Content {
  if (address < 0) return number(address);
  const { device } = context.target();
  const synchronous = context.flag('sync') && context.isFileSystem(device);
  return { kind: 'mapping', device, address, length: context.number('length'), synchronous };
}

function planMremap(context: OperationContext): Plan {
  const [address, length] = partToMove(context);
  const to = context.optionalNumber('to');
  const flags = mman.MREMAP_MAYMOVE | (to === null ? 0 : mman.MREMAP_FIXED);
  return call('sys_mremap', context.mm, address, length, context.number('length'), flags, to ?? 0);
}

/** First byte and bytes of the part of the mapping that mremap is asked to resize or move. */
function partToMove(context: OperationContext): [address: number, length: number] {
  const mapping = context.register('mapping');
  const offset = context.optionalNumber('offset') ?? 0;
  return [mapping.address + offset, context.optionalNumber('old_length') ?? mapping.length - offset];
}

/** The register of the mapping follows it, if all of it was moved. */
function finishMremap(context: OperationContext, address: number): Content {
  if (address < 0) return number(address);
  const { registers } = context.world;
  const { device, address: before, length: whole, synchronous } = context.register('mapping');
  const [start, bytes] = partToMove(context);
  const length = context.number('length');
  if (start === before && bytes === whole) {
    registers.write(context.reference('mapping'), { kind: 'mapping', device, address, length, synchronous });
  }
  const kept = address === start ? Math.min(length, bytes) : 0;
  context.unmapped(start + kept, bytes - kept);
  return number(0);
}

/** An operation that takes translations away: once it has succeeded, no TLB keeps one of its range. */
function takingAway(plan: (context: OperationContext) => Plan, onlyAdvice?: readonly string[]): Adapter {
  return {
    takesAway: 'own',
    plan,
    finish: (context, returned) => {
      const word = context.optionalWord('advice');
      if (returned === 0 && (onlyAdvice === undefined || (word !== null && onlyAdvice.includes(word)))) {
        context.unmapped(...range(context));
      }
      return number(returned);
    },
  };
}
