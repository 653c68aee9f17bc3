const BLOCK_SHIFT = 12;
const BLOCK_RECORDS: number = 2 ** BLOCK_SHIFT;
const BLOCK_MASK: number = BLOCK_RECORDS - 1;

/**
 * A list of records of a few 32-bit integers each, which grows without ever being copied. The integers of one
 * record lie side by side, so that reading several of them costs one look into memory.
 */
export class RecordList {
  /** Integers of a record. */
  private readonly width: number;
  private readonly blocks: Int32Array[] = [];
  private count = 0;

  constructor(width: number) {
    this.width = width;
  }

  get length(): number {
    return this.count;
  }

  get bytes(): number {
    return this.blocks.length * BLOCK_RECORDS * this.width * Int32Array.BYTES_PER_ELEMENT;
  }

  /** Appends a record of zeros; answers its number. */
  append(): number {
    if ((this.count & BLOCK_MASK) === 0) this.blocks.push(new Int32Array(BLOCK_RECORDS * this.width));
    return this.count++;
  }

  /** One integer of a record below `length`. */
  get(record: number, position: number): number {
    const block = this.blocks[record >>> BLOCK_SHIFT] as Int32Array;
    return block[(record & BLOCK_MASK) * this.width + position] as number;
  }

  set(record: number, position: number, value: number): void {
    const block = this.blocks[record >>> BLOCK_SHIFT] as Int32Array;
    block[(record & BLOCK_MASK) * this.width + position] = value;
  }
}
