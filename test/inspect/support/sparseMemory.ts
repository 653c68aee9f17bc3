import type { PhysicalMemory } from '../../../src/inspect/index.ts';

const PAGE = 4096;

/** Physical memory from 0 up to a size, zero where nothing was written. */
export class SparseMemory implements PhysicalMemory {
  readonly ranges: PhysicalMemory['ranges'];
  readonly #size: number;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(size: number) {
    this.#size = size;
    this.ranges = [{ start: 0, length: size }];
  }

  read = (address: number, length: number): Uint8Array | undefined => {
    if (address < 0 || address + length > this.#size) return undefined;
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const offset = (address + done) % PAGE;
      const count = Math.min(PAGE - offset, length - done);
      const page = this.#pages.get(Math.floor((address + done) / PAGE));
      if (page !== undefined) bytes.set(page.subarray(offset, offset + count), done);
      done += count;
    }
    return bytes;
  };

  write(address: number, bytes: Iterable<number>): void {
    let at = address;
    for (const byte of bytes) {
      const number = Math.floor(at / PAGE);
      const page = this.#pages.get(number) ?? new Uint8Array(PAGE);
      this.#pages.set(number, page);
      page[at % PAGE] = byte;
      at++;
    }
  }

  writeU64(address: number, value: bigint): void {
    this.write(address, u64(value));
  }

  writeU32(address: number, value: number): void {
    this.write(address, u32(value));
  }
}

/** Little-endian bytes. */
export function u16(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

export function u64(value: bigint): number[] {
  const unsigned = BigInt.asUintN(64, value);
  return [...u32(Number(unsigned & 0xffffffffn)), ...u32(Number(unsigned >> 32n))];
}

export function ascii(text: string): number[] {
  return Array.from(new TextEncoder().encode(text));
}
