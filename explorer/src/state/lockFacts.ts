import type { HeldLock } from '../recording/recording.ts';
import type { Fact, MachineView } from './machineView.ts';

/** Locks with who holds them, and threads with what they wait for. */
export function lockFacts({ locks, waits }: MachineView): Fact[] {
  return [
    ...locks.map((lock) => ({ key: lock.name, name: lock.name, text: heldText(lock) })),
    ...waits.map(({ thread, message }) => ({
      key: `${thread} waits`,
      name: thread,
      text: message.replace(`${thread} `, ''),
    })),
  ];
}

function heldText({ holders, value }: HeldLock): string {
  const who = holders.length === 0 ? 'held' : `held by ${holders.join(', ')}`;
  if (value === -1) return `${who} for writing`;
  return value === 1 ? who : `${who} (${value} readers)`;
}
