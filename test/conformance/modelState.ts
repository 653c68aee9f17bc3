import { dev_dax } from '../../src/kernel/state/dax.ts';
import { mm_struct } from '../../src/kernel/state/mm.ts';
import type { MmId } from '../../src/kernel/state/numbers.ts';
import type { Program } from '../../src/litmus/index.ts';
import type { Assembly } from '../../src/run/interpreter/assemble.ts';
import { process } from '../../src/run/state/process.ts';
import type { RegisterView } from '../../src/run/state/registers.ts';
import type { RecordedState } from './compareStep.ts';
import { readEntry, readPage, readVmas } from './readback.ts';
import type { RecordedVma } from './recording.ts';

/** The device of every scenario. */
const DEVICE = 0;

/** Looks at a model that stands between two operations the way the recording's agent looks at a kernel. */
export class ModelState {
  private readonly program: Program;
  private readonly parts: Assembly;
  private readonly registerOfView: ReadonlyMap<string, string>;

  /** `registerOfView`: where the recording calls a mapping otherwise than its register. */
  constructor(program: Program, parts: Assembly, registerOfView: ReadonlyMap<string, string>) {
    this.program = program;
    this.parts = parts;
    this.registerOfView = registerOfView;
  }

  /** Pages, entries, VMAs and the count of file pages, as far as `like` has them, seen by process `owner`. */
  read(owner: number, like: RecordedState): RecordedState {
    const { memory } = this.parts;
    const mm = memory.of(process).mm.get(owner);
    const firstPfn = memory.of(dev_dax).start_pfn.get(DEVICE);
    return {
      ...this.readPages(like),
      ptes: (like.ptes ?? []).map(({ view, va_offset }) => {
        const { address } = this.mapping(owner, this.registerOfView.get(view) ?? view);
        const at = address + Number(va_offset);
        const frame = this.call(owner, 'pagemap_read', [mm, at]);
        const pagemap = frame < 0 ? frame : frame - firstPfn;
        return { view, va_offset, ...readEntry(memory, mm, at, firstPfn), pagemap };
      }),
      vmas: this.readVmas(owner, mm, like),
      ...(like.filePages === undefined ? {} : { filePages: memory.of(mm_struct).rss_file.get(mm) }),
    };
  }

  /** Only the pages that `like` has. */
  readPages(like: RecordedState): RecordedState {
    return { pages: like.pages.map(({ index }) => readPage(this.parts.memory, DEVICE, index)) };
  }

  /** What a register of a process holds as a number. */
  registerValue(owner: number, name: string): number {
    return this.parts.registers.valueOf({ process: owner, slot: this.slot(owner, name) });
  }

  private readVmas(owner: number, mm: MmId, like: RecordedState): readonly RecordedVma[] {
    const seen = (like.vmas ?? []).map(({ view }) => view);
    return readVmas(this.parts.memory, mm).map(({ start, length, prot, pgoff }) => {
      const { view, address } = this.viewAt(owner, start, seen);
      return {
        view,
        start_off: `0x${(start - address).toString(16)}`,
        prot,
        pgoff,
        Size: length / 1024,
        Rss: this.call(owner, 'smaps_rss', [mm, start, length]) / 1024,
      };
    });
  }

  /**
   * Which mapping of a process an address belongs to. Of several that began there, one after the other, the one
   * that the recording sees at this moment.
   */
  private viewAt(owner: number, start: number, seen: readonly string[]): { view: string; address: number } {
    const candidates = (this.program.processes[owner]?.registers ?? [])
      .filter(({ kind }) => kind === 'mapping')
      .map(({ name }) => ({ name, mapping: this.mapping(owner, name) }))
      .filter(({ mapping }) => mapping.address <= start && start < mapping.address + mapping.length)
      .flatMap(({ name, mapping }) => this.viewsOf(name).map((view) => ({ view, address: mapping.address })));
    const unknown = { view: 'unknown', address: 0 };
    return candidates.find(({ view }) => seen.includes(view)) ?? candidates[0] ?? unknown;
  }

  /** What the recording calls the mapping in a register. */
  private viewsOf(name: string): readonly string[] {
    const others = [...this.registerOfView].filter(([, register]) => register === name).map(([view]) => view);
    return [name, ...others];
  }

  /** Runs a kernel function that only looks, as the process would. */
  private call(owner: number, name: string, args: readonly number[]): number {
    return this.parts.kernel.run(this.program.processes[owner]?.mainThread ?? 0, name, args);
  }

  private mapping(owner: number, name: string): RegisterView {
    return this.parts.registers.read({ process: owner, slot: this.slot(owner, name) });
  }

  private slot(owner: number, name: string): number {
    const slot =
      this.program.processes[owner]?.registers.findIndex((register) => register.name === name) ?? -1;
    if (slot < 0) throw new Error(`no register is called '${name}'`);
    return slot;
  }
}
