import type { PhysicalAddress } from './addresses.ts';
import type { ByteSource } from './byteSource.ts';
import type { PhysicalMemory } from './physicalMemory.ts';

/** A stretch of physical memory and where a file keeps it. */
export interface MemorySegment {
  readonly physicalAddress: PhysicalAddress;
  readonly fileOffset: number | bigint;
  readonly bytes: number;
}

function offsetIn({ fileOffset }: MemorySegment, delta: number): number | bigint {
  return typeof fileOffset === 'bigint' ? fileOffset + BigInt(delta) : fileOffset + delta;
}

/** Ascending, and each address once: /proc/kcore shows the kernel's image a second time, as its text mapping. */
function withoutOverlaps(segments: readonly MemorySegment[]): MemorySegment[] {
  const kept: MemorySegment[] = [];
  let end = 0;
  for (const segment of segments.toSorted((a, b) => a.physicalAddress - b.physicalAddress)) {
    const cut = Math.max(0, end - segment.physicalAddress);
    if (cut >= segment.bytes) continue;
    kept.push({
      physicalAddress: segment.physicalAddress + cut,
      fileOffset: offsetIn(segment, cut),
      bytes: segment.bytes - cut,
    });
    end = segment.physicalAddress + segment.bytes;
  }
  return kept;
}

/** Physical memory that a file keeps in segments. They may come in any order and overlap. */
export function segmentedMemory(source: ByteSource, unordered: readonly MemorySegment[]): PhysicalMemory {
  const segments = withoutOverlaps(unordered);

  /** The segment with the address, by halving: a core file has thousands of them. */
  function segmentOf(address: PhysicalAddress): MemorySegment | undefined {
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const segment = segments[middle];
      if (segment !== undefined && segment.physicalAddress <= address) low = middle + 1;
      else high = middle;
    }
    const segment = segments[low - 1];
    return segment !== undefined && address < segment.physicalAddress + segment.bytes ? segment : undefined;
  }

  /** The bytes from an address on that lie in one segment, at most `length`. */
  function readPart(address: PhysicalAddress, length: number): Uint8Array | undefined {
    const segment = segmentOf(address);
    if (segment === undefined) return undefined;
    const delta = address - segment.physicalAddress;
    const wanted = Math.min(length, segment.bytes - delta);
    const bytes = source.read(offsetIn(segment, delta), wanted);
    return bytes.length === wanted ? bytes : undefined;
  }

  function read(address: PhysicalAddress, length: number): Uint8Array | undefined {
    const first = readPart(address, length);
    if (first === undefined || first.length === length) return first;
    const joined = new Uint8Array(length);
    joined.set(first);
    for (let done = first.length; done < length; ) {
      const part = readPart(address + done, length - done);
      if (part === undefined) return undefined;
      joined.set(part, done);
      done += part.length;
    }
    return joined;
  }

  return {
    ranges: segments.map(({ physicalAddress, bytes }) => ({ start: physicalAddress, length: bytes })),
    read,
  };
}
