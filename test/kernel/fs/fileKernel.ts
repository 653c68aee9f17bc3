import type { Scheme } from '../../../src/compile/dialect/source.ts';
import type { PlainFunction } from '../../../src/compile/link/plain.ts';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { O_CREAT } from '../../../src/kernel/common/include/fcntl.ts';
import { FMODE_READ, FMODE_WRITE } from '../../../src/kernel/common/include/fs.ts';
import { MAP_SHARED, PROT_READ, PROT_WRITE } from '../../../src/kernel/common/include/mman.ts';
import { linkKernel } from '../../../src/kernel/link.ts';
import { ANON_END_PFN } from '../../../src/kernel/state/anon_page.ts';
import { dev_dax } from '../../../src/kernel/state/dax.ts';
import { readExtents } from '../../../src/kernel/state/extent_table.ts';
import { FS_EXT4, FS_XFS, inode } from '../../../src/kernel/state/inode.ts';
import { deviceOfPfn, initialPageField } from '../../../src/kernel/state/memmap.ts';
import { file } from '../../../src/kernel/state/mm.ts';
import { page } from '../../../src/kernel/state/page.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { byteAt, device_bytes, noteStore } from '../../../src/machine/primitives/bytes.ts';
import { SlabMemory } from '../../../src/machine/slabMemory.ts';

/** First frame of the device: behind ordinary memory. */
export const DEVICE_PFN = ANON_END_PFN;

export const PAGE = 4096;

export type FileSystem = 'ext4' | 'xfs' | 'xfs with rmapbt';

/** A machine with one pmem device that carries a mounted file system, and nothing on it. */
export class FileKernel {
  readonly scheme: Scheme;
  readonly machine: Machine;
  readonly warnings: string[] = [];
  /** Pages of the device that a system call promised to have made durable, and had not. */
  readonly broken: number[] = [];
  readonly functions: Readonly<Record<string, PlainFunction>>;

  constructor(scheme: Scheme, fileSystem: FileSystem, pages = 64, cpus = 4) {
    this.scheme = scheme;
    const memory = new SlabMemory();
    const observer = {
      warning: (_cpu: number, text: string): void => void this.warnings.push(text),
      translated: (): void => undefined,
      promiseBroken: (_cpu: number, pfn: number): void => void this.broken.push(pfn - DEVICE_PFN),
    };
    this.machine = { memory, cpus, cpu: 0, observer };
    memory.setUntouched(page, (field, pfn) => {
      const device = deviceOfPfn(memory, pfn);
      return device === 0 ? 0 : initialPageField(memory, device - 1, field, pfn);
    });
    this.functions = linkKernel({ form: 'plain', scheme }).instantiate(this.machine).functions;
    const device = memory.of(dev_dax);
    device.align.set(0, 1);
    device.start_pfn.set(0, DEVICE_PFN);
    device.nr_pages.set(0, pages);
    this.call('pmem_attach', 0);
    const kind = fileSystem === 'ext4' ? FS_EXT4 : FS_XFS;
    this.call('fs_mount', 0, kind, fileSystem === 'xfs with rmapbt' ? 1 : 0);
  }

  /** Runs a kernel function to its end on the current CPU. */
  call(name: string, ...args: number[]): number {
    const called = this.functions[name];
    if (called === undefined) throw new Error(`the kernel has no function ${name}`);
    return called(...args) ?? 0;
  }

  /** Starts a kernel function as a thread on a CPU, to be stepped. */
  thread(onCpu: number, name: string, ...args: number[]): KernelThread {
    return linkKernel({ form: 'generators', scheme: this.scheme })
      .instantiate(this.machine)
      .start(onCpu, name, ...args);
  }

  /** Opens file number `name` for reading and writing, making it if need be; with `pages` filled pages if it is new. */
  create(name: number, pages = 0): number {
    return this.call('sys_open', 0, name, O_CREAT, pages * PAGE, FMODE_READ | FMODE_WRITE);
  }

  /** Opens a file that has to be there. */
  open(name: number, mode: number = FMODE_READ | FMODE_WRITE): number {
    return this.call('sys_open', 0, name, 0, -1, mode);
  }

  /** The inode behind an open file. */
  inodeOf(filp: number): number {
    return this.machine.memory.of(file).f_mapping.get(filp);
  }

  size(filp: number): number {
    return this.machine.memory.of(inode).i_size.get(this.inodeOf(filp));
  }

  /** The page of the device behind each of the first `pages` pages of a file; -1 where there is none. */
  blocks(filp: number, pages: number): number[] {
    const mapping = this.inodeOf(filp);
    return Array.from({ length: pages }, (_, index) => {
      for (const { inode: owner, file_block, length, block } of readExtents(this.machine.memory)) {
        if (owner === mapping && file_block <= index && index < file_block + length)
          return block + index - file_block;
      }
      return -1;
    });
  }

  /** All extents, places for copies included. */
  extents(): ReturnType<typeof readExtents> {
    return readExtents(this.machine.memory);
  }

  /** What the CPUs see at a byte of the device. */
  deviceByte(block: number, offset = 0): number {
    return this.machine.memory.of(device_bytes).value.get(byteAt(DEVICE_PFN + block, offset));
  }

  setDeviceByte(block: number, value: number, offset = 0): void {
    this.machine.memory.of(device_bytes).value.set(byteAt(DEVICE_PFN + block, offset), value);
  }

  /** Starts a process on a CPU; its address space. */
  process(onCpu = 0): number {
    this.machine.cpu = onCpu;
    const mm = this.call('mm_alloc');
    this.call('activate_mm', mm);
    return mm;
  }

  /** Maps `pages` pages of a file from its beginning on, for reading and writing; the address in bytes. */
  map(mm: number, filp: number, pages: number, flags: number = MAP_SHARED): number {
    return this.call('sys_mmap', mm, filp, 0, pages * PAGE, PROT_READ | PROT_WRITE, flags, 0);
  }

  load(mm: number, address: number): number {
    return this.call('cpu_load', mm, address);
  }

  store(mm: number, address: number, byte: number): number {
    return this.call('cpu_store', mm, address, byte);
  }

  /** Has a device write to the first byte of a page, past all mappings. */
  storeByDevice(block: number, value: number): void {
    this.setDeviceByte(block, value);
    noteStore(this.machine.memory, DEVICE_PFN + block);
  }

  /** Takes the power away and gives it back; nobody may have a file open, mapped or pinned. */
  losePower(): void {
    this.call('power_loss', 0);
  }
}
