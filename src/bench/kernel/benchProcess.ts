import type { Scheme } from '../../compile/dialect/source.ts';
import type { PlainFunction } from '../../compile/link/plain.ts';
import { FMODE_READ, FMODE_WRITE } from '../../kernel/common/include/fs.ts';
import { MAP_FIXED, MAP_SHARED, PROT_READ, PROT_WRITE } from '../../kernel/common/include/mman.ts';
import { linkKernel } from '../../kernel/link.ts';
import { dev_dax } from '../../kernel/state/dax.ts';
import { freshPages } from '../../kernel/state/memmap.ts';
import { page } from '../../kernel/state/page.ts';
import type { Machine } from '../../machine/machine.ts';
import { SlabMemory } from '../../machine/slabMemory.ts';

/** Where the process maps its device, in bytes: aligned to 1 GiB. */
const MAPPED_AT = 2 ** 40;
/** First frame of the device, aligned to 1 GiB. */
const FIRST_FRAME = 262144;
const PAGE = 4096;

/** One process on one CPU that has one whole device mapped, and the bare kernel under it: nothing watches. */
export class BenchProcess {
  readonly machine: Machine;
  readonly alignPages: number;
  private readonly scheme: Scheme;
  private readonly functions: Readonly<Record<string, PlainFunction>>;
  private readonly deviceBytes: number;
  private mm = 0;

  constructor(scheme: Scheme, deviceBytes: number, alignPages: number) {
    this.scheme = scheme;
    this.deviceBytes = deviceBytes;
    this.alignPages = alignPages;
    const memory = new SlabMemory();
    const observer = {
      warning: (_cpu: number, text: string): never => {
        throw new Error(`the kernel warned during a benchmark: ${text}`);
      },
      translated: (): void => undefined,
    };
    this.machine = { memory, cpus: 1, cpu: 0, observer };
    memory.setUntouched(
      page,
      freshPages(memory, () => 0),
    );
    this.functions = linkKernel({ form: 'plain', scheme }).instantiate(this.machine).functions;
    memory.of(dev_dax).align.set(0, alignPages);
    memory.of(dev_dax).start_pfn.set(0, FIRST_FRAME);
    memory.of(dev_dax).nr_pages.set(0, deviceBytes / PAGE);
    this.call('device_bind', 0);
    this.mm = this.call('mm_alloc');
    this.call('activate_mm', this.mm);
  }

  /** Maps the whole device for reading and writing. */
  map(): void {
    const filp = this.call('dax_open', 0, FMODE_READ | FMODE_WRITE);
    const prot = PROT_READ | PROT_WRITE;
    const flags = MAP_SHARED | MAP_FIXED;
    const mapped = this.call('sys_mmap', this.mm, filp, MAPPED_AT, this.deviceBytes, prot, flags, 0);
    if (mapped !== MAPPED_AT) throw new Error(`mmap returned ${mapped}`);
  }

  /** Stores one byte into each of the first `count` units of the mapping. */
  touch(count: number): void {
    const unit = this.alignPages * PAGE;
    const store = this.named('cpu_store');
    for (let index = 0; index < count; index++) store(this.mm, MAPPED_AT + index * unit, 1);
  }

  /** Pins the first `pages` pages of 4 KiB, 512 at a call as a driver would, and unpins them. */
  pin(pages: number): void {
    const pin = this.named('pin_user_pages_fast');
    const unpin = this.named('unpin_user_pages');
    for (let first = 0; first < pages; first += 512) {
      const asked = Math.min(512, pages - first);
      const got = pin(this.mm, MAPPED_AT / PAGE + first, asked, 0);
      if (got !== asked) throw new Error(`GUP gave ${got} pages of ${asked}`);
      unpin();
    }
  }

  unmap(): void {
    const result = this.call('sys_munmap', this.mm, MAPPED_AT, this.deviceBytes);
    if (result !== 0) throw new Error(`munmap returned ${result}`);
  }

  /** Forks `count` children, each of which goes again at once. */
  fork(count: number): void {
    for (let child = 0; child < count; child++) this.call('mmput', this.call('dup_mm', this.mm));
  }

  /** Steps that a kernel function of this process takes in the generator form: its accesses to shared state. */
  steps(name: string, ...args: number[]): number {
    const generators = linkKernel({ form: 'generators', scheme: this.scheme }).instantiate(this.machine);
    const thread = generators.start(0, name, this.mm, ...args);
    let count = 0;
    for (; !thread.done; count++) thread.step();
    return count;
  }

  /** The address of unit `index` of the mapping, in bytes. */
  address(index: number): number {
    return MAPPED_AT + index * this.alignPages * PAGE;
  }

  private call(name: string, ...args: number[]): number {
    return this.named(name)(...args) ?? 0;
  }

  private named(name: string): PlainFunction {
    const found = this.functions[name];
    if (found === undefined) throw new Error(`the kernel has no function ${name}`);
    return found;
  }
}
