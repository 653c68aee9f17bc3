import type { RegisterKind } from '../operations/operation.ts';

/** How kinds of registers are called in errors, and where such a register comes from. */
export const KIND_TEXTS: Readonly<Record<RegisterKind, { readonly noun: string; readonly source: string }>> =
  {
    number: { noun: 'a number', source: 'a result such as that of load' },
    mapping: { noun: 'a mapping', source: 'mmap' },
    file: { noun: 'a file', source: 'open with a name' },
    descriptor: { noun: 'a descriptor', source: 'open without a name' },
    pin: { noun: 'a pin', source: 'pin' },
    get: { noun: 'a get', source: 'get' },
    pipe: { noun: 'a pipe', source: 'vmsplice or tee' },
    ring: { noun: 'a ring', source: 'io_uring_register' },
    request: { noun: 'a request', source: 'io_submit' },
  };

/** `a pin, from pin`; of several `a file or a pipe, from open with a name, or vmsplice or tee`. */
export function expectedKinds(accepts: readonly RegisterKind[]): string {
  const nouns = accepts.map((kind) => KIND_TEXTS[kind].noun).join(' or ');
  const sources = accepts.map((kind) => KIND_TEXTS[kind].source).join(', or ');
  return `${nouns}, from ${sources}`;
}
