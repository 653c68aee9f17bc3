/** Words that the grammar takes for itself, each with its meaning for hover and completion. */
export const KEYWORDS: Readonly<Record<string, string>> = {
  DAX: 'Begins a test: `DAX NAME "one sentence"`.',
  device: 'Declares a device: `device d = devdax(size=4M, align=4K)`.',
  process: 'A process with its statements; all process blocks of a file run side by side.',
  devdax: 'A device-DAX character device: `devdax(size=, align=4K|2M|1G)`.',
  fsdax: 'A pmem block device with a DAX file system on it: `fsdax(size=, fs=ext4|xfs, [rmapbt])`.',
  thread: 'A thread of the process around it; it runs beside the other blocks of its row.',
  fork: 'A child process with a copy of the address space and of the registers.',
  repeat: 'Runs its body that many times: `repeat 100 { … }`.',
  assert: 'Must hold where it stands, together with the operation before it.',
  always: 'Must hold after every step.',
  finally: 'Must hold at the end of every execution.',
  exists: 'Some execution has to end like this.',
  never: 'No execution may end like this.',
  hazard: 'Declares that Linux breaks a property here: `hazard[refcount] PROPERTY "why"`.',
  true: '1',
  false: '0',
  idle: 'The reference count of an unmapped, unpinned page of the device in the same comparison, under the scheme that executes.',
};

/** Keywords that begin something outside of any body. */
export const TOP_LEVEL_KEYWORDS: readonly string[] = [
  'device',
  'process',
  'always',
  'finally',
  'exists',
  'never',
  'hazard',
];

/** Keywords that begin a statement. */
export const STATEMENT_KEYWORDS: readonly string[] = ['thread', 'fork', 'repeat', 'assert'];

/** Whether the grammar takes the word for itself, so that nothing can be named so. */
export function isKeyword(word: string): boolean {
  return Object.hasOwn(KEYWORDS, word);
}
