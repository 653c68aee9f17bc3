/**
 * `memmap-after-teardown`: struct pages are not touched while their device has none. Every touch is a violation, so
 * that only the words are left to find. `generation`: how often the device had struct pages before; 0 for a frame
 * that belongs to no device.
 */
export function memmapAfterTeardown(generation: number): string {
  return generation === 0
    ? 'its struct page is touched, and never was one'
    : 'its struct page is touched after it was torn down';
}
