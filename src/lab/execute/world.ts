import type { Device } from '../../litmus/index.ts';

const GIB = 2 ** 30;

/** Where mappings go that name no address: far from whatever else a process has. */
const FIRST_PLACE = 0x100000000000;

/** One of the guest's devices, as a device of the test. */
export class TestDevice {
  readonly index: number;
  readonly kind: Device['kind'];
  /** What the test calls it. */
  readonly testName: string;
  readonly fileSystem: Device['fileSystem'];
  /** What the guest calls it. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly firstFrame: number;
  isBound = true;
  /** Whether it was without its driver for a while; Linux then keeps a bad count of who has it open. */
  wasUnbound = false;
  /** Whether its driver went while someone held pages: whoever gives them back writes to memory that is no longer theirs. */
  wasTornDown = false;
  /** Blocks that its file system had to give before the test; null where it has none. */
  freeBlocks: number | null = null;
  private readonly dirty = new Set<number>();

  /**
   * `path` is that of the character device, whose last part is also its name in sysfs, or of the folder that the file
   * system is mounted on.
   */
  constructor({ index, kind, name, fileSystem }: Device, path: string, bytes: number, firstFrame: number) {
    this.index = index;
    this.kind = kind;
    this.testName = name;
    this.fileSystem = fileSystem;
    this.path = path;
    this.name = path.slice(path.lastIndexOf('/') + 1);
    this.bytes = bytes;
    this.firstFrame = firstFrame;
  }

  /** Which of its pages is in a frame; -1 for none. */
  pageAt(frame: number): number {
    const page = frame - this.firstFrame;
    return page >= 0 && page * 4096 < this.bytes ? page : -1;
  }

  /** Bytes may be no zeros any more. Those of files are gone with these. */
  wrote(offset: number, length: number): void {
    if (this.kind === 'fsdax') return;
    for (let page = Math.floor(offset / 4096); page * 4096 < offset + length; page++) this.dirty.add(page);
  }

  /** Offsets of the pages that may hold something, ascending; forgets them. */
  takeDirty(): number[] {
    const pages = [...this.dirty].sort((left, right) => left - right);
    this.dirty.clear();
    return pages.map((page) => page * 4096);
  }
}

/** Part of a device, or of a file on it, that a process maps, or has mapped. */
export interface Mapped {
  readonly address: number;
  readonly length: number;
  readonly device: TestDevice;
  /** First byte, in the device or file. */
  readonly offset: number;
}

/** One process of the test in the guest. */
export class TestProcess {
  readonly index: number;
  /** Its process id there; undefined while it does not run. */
  id: number | undefined;
  /** Its descriptors of the test's devices, open from the start. */
  private descriptors: readonly number[] = [];
  /** What it has mapped so far, which nothing is taken from again: for what a store may have reached. */
  readonly mapped: Mapped[] = [];
  private nextPlace = FIRST_PLACE;

  constructor(index: number) {
    this.index = index;
  }

  begin(id: number, descriptors: readonly number[]): void {
    this.id = id;
    this.descriptors = descriptors;
  }

  /** fork: has the same descriptors and mappings. */
  forkedFrom(parent: TestProcess, id: number): void {
    this.begin(id, parent.descriptors);
    this.nextPlace = parent.nextPlace;
    this.mapped.push(...parent.mapped);
  }

  descriptorOf(device: number): number {
    return this.descriptors[device] ?? -1;
  }

  /** An address for a mapping that names none: aligned like its place in the file, for every device, with nothing beside it. */
  placeFor(offset: number, length: number): number {
    const place = this.nextPlace;
    this.nextPlace += (Math.ceil(Math.max(length, 1) / GIB) + 1) * GIB;
    return place + (Math.max(offset, 0) % GIB);
  }

  /** What lies at an address, or has lain there: a device, and the byte of it. */
  mappedAt(address: number): { readonly device: TestDevice; readonly offset: number }[] {
    return this.mapped
      .filter((mapped) => mapped.address <= address && address < mapped.address + mapped.length)
      .map((mapped) => ({ device: mapped.device, offset: mapped.offset + address - mapped.address }));
  }

  /** mremap moved a range, or resized it. */
  moved(from: number, to: number, kept: number, length: number): void {
    for (const mapped of [...this.mapped]) {
      const start = Math.max(from, mapped.address);
      if (start >= Math.min(from + kept, mapped.address + mapped.length)) continue;
      const offset = mapped.offset + start - mapped.address;
      this.mapped.push({
        address: to + start - from,
        length: length - (start - from),
        device: mapped.device,
        offset,
      });
    }
  }
}
