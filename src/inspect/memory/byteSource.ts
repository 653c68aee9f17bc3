/** Bytes by position: a file, or what a test made up. */
export interface ByteSource {
  /**
   * The bytes from `position` on, `length` of them or, where the source ends before, fewer. Positions are bigints
   * where they may lie beyond 2^53, as in /proc/kcore.
   */
  readonly read: (position: number | bigint, length: number) => Uint8Array;
}

/** The bytes of an array as a source. */
export function bytesAsSource(bytes: Uint8Array): ByteSource {
  return {
    read: (position, length) => bytes.slice(Number(position), Number(position) + length),
  };
}
