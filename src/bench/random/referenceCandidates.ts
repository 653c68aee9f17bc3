import type { Candidate } from './choices.ts';
import type { Draft } from './draft.ts';

/** Taking references and pins, and giving them back. */
export function referenceCandidates(draft: Draft): Candidate[] {
  const { choices, held } = draft;
  const taking: Candidate[] = [
    {
      weight: 6,
      write: () =>
        draft.hold('pins', draft.call(`pin(${draft.range()}, ${choices.pick(['read', 'write'])})`, 'p')),
    },
    { weight: 3, write: () => draft.hold('gets', draft.call(`get(${draft.range()}, read)`, 'g')) },
    { weight: 2, write: () => draft.hold('pipes', draft.call(`vmsplice(${draft.range()})`, 'v')) },
    { weight: 1, write: () => draft.hold('rings', draft.call(`io_uring_register(${draft.range()})`, 'u')) },
    {
      weight: 2,
      write: () => draft.hold('requests', draft.call(`io_submit(${draft.range()}, access=write)`, 'i')),
    },
    {
      weight: 1,
      write: () =>
        draft.call(`${choices.pick(['odirect_write', 'pipe_write', 'pipe_read'])}(${draft.range()})`),
    },
  ];
  const giving = (weight: number, names: readonly string[], operations: readonly string[]): Candidate[] =>
    names.length > 0 && !draft.isChild
      ? [{ weight, write: () => draft.call(`${choices.pick(operations)}(${choices.pick(names)})`) }]
      : [];
  return [
    ...(draft.mappings.size > 0 ? taking : []),
    ...giving(4, held.pins, ['unpin']),
    ...giving(2, held.gets, ['put']),
    ...giving(2, held.pipes, ['pipe_drain', 'close_pipe', 'splice']),
    ...giving(2, held.rings, ['io_uring_unregister']),
    ...giving(3, held.requests, ['io_getevents']),
  ];
}
