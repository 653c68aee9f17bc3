/**
 * `dma-to-reused`: a device that reads or writes through a pin reaches pages of the owner that they were pinned of.
 * Owners are told apart by generation (0 = nobody). Says what is wrong, or null.
 */
export function dmaToReused(generationPinned: number, generationNow: number): string | null {
  return generationNow === 0 || generationNow === generationPinned
    ? null
    : 'a device accesses it through a pin, and it went to another owner since it was pinned';
}

/** `dma-to-reused` of a block that its file has lost since it was pinned, as `former` (`page 0 of "a"`). Says what is wrong. */
export function dmaToLostBlock(former: string): string {
  return `a device accesses it through a pin, and it was ${former} when it was pinned`;
}
