/**
 * `lost-dirty`, as a system call returns that promised to make a file durable: what was written to its pages before the call
 * began is on the medium. Every page of which it is not is a violation, so that only the words are left to find.
 */
export function cachedOnly(): string {
  return 'a system call promised that it survives a power loss, and what was written to it is in a cache only';
}
