import { FrameThreads } from '../../check/machine/frameThreads.ts';
import { SharedMemory } from '../../check/machine/sharedMemory.ts';
import { collectScope } from '../../compile/dialect/scope.ts';
import type { DialectProgram } from '../../compile/link/selection.ts';
import { link } from '../../compile/link.ts';
import { readSources } from '../../compile/reader/readFile.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';
import * as access from '../../machine/primitives/access.ts';
import * as locks from '../../machine/primitives/locks.ts';
import * as own from '../../machine/primitives/own.ts';

type ProtocolField = 'pte' | 'ref' | 'pins' | 'ptl';

/** The words of the protocol; the lock is that of object 0. */
const protocol: Struct<number, ProtocolField> = defineStruct<number, ProtocolField>(
  'protocol',
  { doc: 'one page of the protocol that checkers are raced on' },
  {
    pte: { doc: '1 while the page is mapped' },
    ref: { doc: 'references of the page' },
    pins: { doc: 'pins of the page' },
    ptl: { doc: 'lock of the page table', discipline: 'lock' },
  },
);

/** The protocol of gup.pml in the kernel's dialect: every access of a shared word is a step, local code is none. */
const SOURCE = `
export function* gup_page(page: number): Op {
  const entry = yield* load(protocol.pte, page);
  if (entry === 0) return;
  if ((yield* atomic_add_unless_zero(protocol.ref, page, 1)) === 0) return;
  if ((yield* load(protocol.pte, page)) !== entry) {
    yield* atomic_add(protocol.ref, page, -1);
    return;
  }
  yield* atomic_add(protocol.pins, page, 1);
  WARN_ON_ONCE((yield* load(protocol.ref, page)) <= 1, 'a pinned page has no reference besides the pin');
  yield* atomic_add(protocol.pins, page, -1);
  yield* atomic_add(protocol.ref, page, -1);
}
export function* zap_page(page: number): Op {
  yield* spin_lock(protocol.ptl, 0);
  const entry = yield* load(protocol.pte, page);
  yield* store(protocol.pte, page, 0);
  yield* spin_unlock(protocol.ptl, 0);
  if (entry !== 0) yield* atomic_add(protocol.ref, page, -1);
}
export function* fault_page(page: number): Op {
  yield* spin_lock(protocol.ptl, 0);
  if ((yield* load(protocol.pte, page)) === 0) {
    yield* atomic_add(protocol.ref, page, 1);
    yield* store(protocol.pte, page, 1);
  }
  yield* spin_unlock(protocol.ptl, 0);
}
export function* gup(pages: number, rounds: number): Op {
  for (let round = 0; round < rounds; round++) {
    for (let page = 0; page < pages; page++) yield* gup_page(page);
  }
}
export function* zap(pages: number, rounds: number): Op {
  for (let round = 0; round < rounds; round++) {
    for (let page = 0; page < pages; page++) yield* zap_page(page);
  }
}
export function* fault(pages: number, rounds: number): Op {
  for (let round = 0; round < rounds; round++) {
    for (let page = 0; page < pages; page++) yield* fault_page(page);
  }
}
`;

function dialectProgram(): DialectProgram {
  const { files, refusals } = readSources([{ path: 'common/gup_protocol.ts', text: SOURCE }]);
  if (refusals.length > 0) throw new Error(JSON.stringify(refusals));
  return { files, scope: collectScope([access, locks, own, { protocol }]) };
}

/** Two threads of GUP-fast, one that zaps and one that faults, over `pages` pages, `rounds` times each. */
export function gupProtocol(pages: number, rounds: number): FrameThreads {
  const kernel = link(dialectProgram(), 'frames', { scheme: 'refcount' });
  const gup = [{ name: 'gup', arguments: [pages, rounds] }];
  return new FrameThreads({
    kernel,
    memory: new SharedMemory({ regions: {} }),
    threads: [
      gup,
      gup,
      [{ name: 'zap', arguments: [pages, rounds] }],
      [{ name: 'fault', arguments: [pages, rounds] }],
    ],
    boot: ({ memory }) => {
      for (let page = 0; page < pages; page++) memory.of(protocol).ref.set(page, 1);
    },
    interchangeable: true,
  });
}
