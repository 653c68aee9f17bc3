import type { RegisterKind } from '../operations/operation.ts';

interface KindText {
  readonly noun: string;
  /** Where such a register comes from. */
  readonly source: string;
  /** What to do to have one again. */
  readonly again: string;
}

/** How kinds of registers are called in errors. */
export const KIND_TEXTS: Readonly<Record<RegisterKind, KindText>> = {
  number: { noun: 'a number', source: 'a result such as that of load', again: 'set it again' },
  mapping: { noun: 'a mapping', source: 'mmap', again: 'map it again' },
  file: { noun: 'a file', source: 'open with a name', again: 'open it again' },
  descriptor: { noun: 'a descriptor', source: 'open without a name', again: 'open it again' },
  pin: { noun: 'a pin', source: 'pin', again: 'pin it again' },
  get: { noun: 'a get', source: 'get', again: 'get it again' },
  pipe: { noun: 'a pipe', source: 'vmsplice or tee', again: 'fill another one' },
  ring: { noun: 'a ring', source: 'io_uring_register', again: 'register it again' },
  request: { noun: 'a request', source: 'io_submit', again: 'submit it again' },
};

/** `a pin, from pin`; of several `a file or a pipe, from open with a name, or vmsplice or tee`. */
export function expectedKinds(accepts: readonly RegisterKind[]): string {
  const nouns = accepts.map((kind) => KIND_TEXTS[kind].noun).join(' or ');
  const sources = accepts.map((kind) => KIND_TEXTS[kind].source).join(', or ');
  return `${nouns}, from ${sources}`;
}
