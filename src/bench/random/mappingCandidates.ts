import { byteCount } from '../../litmus/format/byteCount.ts';
import { type Candidate, PAGE } from './choices.ts';
import type { Draft } from './draft.ts';

const PROTECTIONS = ['rw', 'rw', 'rw', 'r', 'w', 'none', 'rx'];
const SHARING = ['', '', '', '', ', private', ', shared_validate', ', shared_validate, sync'];
const ADVICE = [
  ...[
    'DONTNEED',
    'DONTNEED',
    'DONTNEED',
    'POPULATE_READ',
    'POPULATE_WRITE',
    'REMOVE',
    'REMOVE',
    'DONTFORK',
    'DOFORK',
  ],
  ...[
    'WILLNEED',
    'FREE',
    'COLD',
    'PAGEOUT',
    'DONTNEED_LOCKED',
    'HUGEPAGE',
    'NOHUGEPAGE',
    'COLLAPSE',
    'RANDOM',
  ],
];
/** More than this does not fit below the addresses that tests fix. */
const LONGEST_MOVE = 3 * 2 ** 20;

/** Making mappings. */
export function newMappings(draft: Draft): Candidate[] {
  const { choices, mappings } = draft;
  const map = (): void => {
    const length = draft.length();
    const sharing = choices.pick(SHARING);
    const more = choices.chance(12) ? ', populate' : choices.chance(5) ? ', locked' : '';
    const place = `offset=${byteCount(draft.offset())}, length=${byteCount(length)}`;
    const name = draft.call(
      `mmap(${draft.target()}, ${place}, prot=${choices.pick(PROTECTIONS)}${sharing}${more})`,
      'm',
    );
    mappings.set(name, Math.max(PAGE, Math.ceil(length / PAGE) * PAGE));
  };
  return [{ weight: mappings.size < 3 ? 8 : 2, write: map }];
}

/** What is done to mappings, and through them. */
export function mappingCandidates(draft: Draft): Candidate[] {
  const { choices, mappings } = draft;
  const fixed = (from: number): string => `0x${(from + choices.below(4) * 0x200).toString(16)}000`;
  const call = (weight: number, text: () => string): Candidate => ({
    weight,
    write: () => draft.call(text()),
  });
  const candidates = [
    call(10, () => `load(${draft.address()})`),
    call(10, () => `store(${draft.address()}, ${1 + choices.below(200)})`),
    call(4, () => `mprotect(${named(draft)}, prot=${choices.pick(PROTECTIONS)})`),
    call(6, () => `madvise(${advised(draft)})`),
    call(
      2,
      () => `${choices.pick(['mlock', 'munlock'])}(${choices.chance(70) ? draft.mapping() : draft.range()})`,
    ),
    call(1, () => choices.pick(['mlockall(current)', 'mlockall(future)', 'munlockall()'])),
    call(2, () => `msync(${choices.chance(70) ? draft.mapping() : draft.range()})`),
    call(2, () => `${choices.pick(['mincore', 'proc_mem_read'])}(${draft.address()})`),
    call(1, () => `proc_mem_write(${draft.address()}, ${choices.below(200)})`),
    call(2, () => `smaps_rss(${draft.mapping()})`),
    call(1, () => `clear_refs(${1 + choices.below(5)})`),
    call(1, () => `mmap(${draft.target()}, offset=0, length=8K, prot=rw, fixed, at=${fixed(0x100000)})`),
    call(1, () => `mremap(${draft.mapping()}, 8K, to=${fixed(0x200000)})`),
    { weight: 3, write: () => resize(draft) },
    { weight: 4, write: () => unmap(draft) },
  ];
  const { ofParent } = draft;
  if (ofParent !== undefined) {
    candidates.push(call(3, () => `peek(P, ${draft.address(choices.pick(ofParent))})`));
    candidates.push(call(3, () => `poke(P, ${draft.address(choices.pick(ofParent))}, ${choices.below(99)})`));
  }
  return mappings.size > 0 ? candidates : [];
}

function named(draft: Draft): string {
  const name = draft.mapping();
  const [offset, length] = draft.rangeIn(name);
  return draft.choices.chance(60) ? name : `${name}, offset=${offset}, length=${length}`;
}

function advised(draft: Draft): string {
  const name = draft.mapping();
  const advice = `${name}, ${draft.choices.pick(ADVICE)}`;
  return draft.choices.chance(60) ? advice : [advice, ...draft.rangeIn(name)].join(', ');
}

function resize(draft: Draft): void {
  const name = draft.mapping();
  const length = Math.max(PAGE, Math.ceil(draft.length() / PAGE) * PAGE);
  if (length > LONGEST_MOVE) return;
  draft.call(`mremap(${name}, ${byteCount(length)})`, 'q');
  draft.mappings.set(name, Math.min(length, draft.mappings.get(name) ?? length));
}

/** Of a mapping that has gone nothing is asked any more: what lies there next differs from kernel to kernel. */
function unmap(draft: Draft): void {
  const name = draft.mapping();
  const part = draft.choices.chance(50) ? [name] : [name, ...draft.rangeIn(name)];
  draft.call(`munmap(${part.join(', ')})`);
  draft.mappings.delete(name);
}
