import { deviceOf } from '../../../litmus/index.ts';
import { isLaterResult } from '../../agent/laterResult.ts';
import { type Content, number } from '../registers.ts';
import { type Adapters, plain } from './adapter.ts';
import { ADVICES, MAP, MCL, MREMAP, MS_SYNC, PROTECTIONS, SHARINGS } from './constants.ts';
import { errno, type OperationContext } from './context.ts';

/** Address space: mmap and the system calls that change what it made. */
export const mappings: Adapters = {
  mmap,
  mremap,
  munmap: plain((context) => context.call('munmap', ...context.range())),
  mprotect: plain((context) =>
    context.call('mprotect', ...context.range(), PROTECTIONS[context.word('prot')] ?? 0),
  ),
  madvise: plain((context) =>
    context.call('madvise', ...context.range(), ADVICES[context.word('advice')] ?? -1),
  ),
  mlock: plain((context) => context.call('mlock', ...context.range())),
  munlock: plain((context) => context.call('munlock', ...context.range())),
  mlockall: plain((context) =>
    context.call(
      'mlockall',
      (context.flag('current') ? MCL.current : 0) | (context.flag('future') ? MCL.future : 0),
    ),
  ),
  munlockall: plain((context) => context.call('munlockall')),
  msync: plain((context) => context.call('msync', ...context.range(), MS_SYNC)),
};

async function mmap(context: OperationContext): Promise<Content> {
  const target = targetOf(context);
  if (target === null) return errno('EBADF');
  const length = context.number('length');
  const offset = context.optionalNumber('offset') ?? 0;
  const at = context.optionalNumber('at');
  const address = at ?? context.optionalNumber('hint') ?? context.process.placeFor(offset, length);
  const device = context.world.devices[target.device];
  context.world.watch.add(target.device, offset, length);
  const result = await context.call(
    'mmap',
    address,
    length,
    PROTECTIONS[context.word('prot')] ?? 0,
    flagsOf(context, at !== null),
    target.descriptor,
    offset,
  );
  if (result < 0) return number(result);
  // Before the result is known, the address is the one that was asked for.
  const start = isLaterResult(result) ? address : result;
  if (device !== undefined) context.process.mapped.push({ address: start, length, device, offset });
  return { kind: 'mapping', value: 0, device: target.device, address: start, length };
}

/** Descriptor and device that mmap is asked to map; null once the descriptor was closed. */
function targetOf(context: OperationContext): { descriptor: number; device: number } | null {
  const device = deviceOf(context.operation, 'target');
  if (device !== null) return { descriptor: context.process.descriptorOf(device), device };
  const content = context.content('target');
  if (content.kind !== 'held' || (content.held.kind !== 'descriptor' && content.held.kind !== 'file'))
    return null;
  return content.state === 'closed' ? null : content.held;
}

function flagsOf(context: OperationContext, isPlaced: boolean): number {
  const sharing = SHARINGS[context.word('sharing')] ?? 0;
  const isFixed = context.flag('fixed');
  return (
    (context.flag('sync') && sharing === MAP.SHARED ? MAP.SHARED_VALIDATE : sharing) |
    (context.flag('sync') ? MAP.SYNC : 0) |
    (context.flag('populate') ? MAP.POPULATE : 0) |
    (context.flag('locked') ? MAP.LOCKED : 0) |
    (context.flag('noreserve') ? MAP.NORESERVE : 0) |
    (isFixed ? MAP.FIXED : 0) |
    (isPlaced && !isFixed ? MAP.FIXED_NOREPLACE : 0)
  );
}

/** The register of the mapping follows it, if all of it was moved. */
async function mremap(context: OperationContext): Promise<Content> {
  const mapping = context.mapping();
  const offset = context.optionalNumber('offset') ?? 0;
  const start = mapping.address + offset;
  const bytes = context.optionalNumber('old_length') ?? mapping.length - offset;
  const length = context.number('length');
  const to = context.optionalNumber('to');
  const flags = MREMAP.MAYMOVE | (to === null ? 0 : MREMAP.FIXED);
  for (const { device, offset: first } of context.process.mappedAt(start)) {
    context.world.watch.add(device.index, first, length);
  }
  const result = await context.call('mremap', start, bytes, length, flags, to ?? 0);
  if (result < 0) return number(result);
  const address = isLaterResult(result) ? (to ?? start) : result;
  context.process.moved(start, address, Math.min(bytes, length), length);
  if (offset === 0 && bytes === mapping.length) {
    context.world.registers.write(context.reference('mapping'), { ...mapping, address, length });
  }
  return number(0);
}
