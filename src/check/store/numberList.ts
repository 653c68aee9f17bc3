const BLOCK_SHIFT = 12;
const BLOCK_LENGTH: number = 2 ** BLOCK_SHIFT;
const BLOCK_MASK: number = BLOCK_LENGTH - 1;

/** A list of 32-bit integers that grows without ever being copied. */
export class NumberList {
  private readonly blocks: Int32Array[] = [];
  private count = 0;

  get length(): number {
    return this.count;
  }

  get bytes(): number {
    return this.blocks.length * BLOCK_LENGTH * Int32Array.BYTES_PER_ELEMENT;
  }

  push(value: number): void {
    const position = this.count++;
    const block = position >>> BLOCK_SHIFT;
    if (block === this.blocks.length) this.blocks.push(new Int32Array(BLOCK_LENGTH));
    (this.blocks[block] as Int32Array)[position & BLOCK_MASK] = value;
  }

  /** Removes the last number; the list must not be empty. */
  pop(): void {
    this.count--;
  }

  /** The number at a position below `length`. */
  at(position: number): number {
    return (this.blocks[position >>> BLOCK_SHIFT] as Int32Array)[position & BLOCK_MASK] as number;
  }

  set(position: number, value: number): void {
    (this.blocks[position >>> BLOCK_SHIFT] as Int32Array)[position & BLOCK_MASK] = value;
  }
}
