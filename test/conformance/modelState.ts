import { HUGE_ZERO_PFN, ZERO_PFN } from '../../src/kernel/common/include/zero_page.ts';
import { dev_dax } from '../../src/kernel/state/dax.ts';
import { mm_struct } from '../../src/kernel/state/mm.ts';
import type { MmId } from '../../src/kernel/state/numbers.ts';
import type { Program } from '../../src/litmus/index.ts';
import type { Assembly } from '../../src/run/interpreter/assemble.ts';
import { process } from '../../src/run/state/process.ts';
import type { RegisterView } from '../../src/run/state/registers.ts';
import type { RecordedState } from './compareStep.ts';
import { readEntry, readPage, readShare, readVmas } from './readback.ts';
import type { RecordedEntry, RecordedPage, RecordedVma } from './recording.ts';
import { WatchedPages } from './watchedPages.ts';

/** The device of every scenario. */
const DEVICE = 0;

/** Looks at a model that stands between two operations the way the recording's agent looks at a kernel. */
export class ModelState {
  private readonly program: Program;
  private readonly parts: Assembly;
  private readonly registerOfView: ReadonlyMap<string, string>;
  /** Null where the scenario is about the pages of the device themselves. */
  private readonly watched: WatchedPages | null;

  /** `registerOfView`: where the recording calls a mapping otherwise than its register. */
  constructor(program: Program, parts: Assembly, registerOfView: ReadonlyMap<string, string>) {
    this.program = program;
    this.parts = parts;
    this.registerOfView = registerOfView;
    const isOnFiles = program.devices[DEVICE]?.kind === 'fsdax';
    this.watched = isOnFiles ? new WatchedPages(parts.memory, program.fileNames) : null;
  }

  /** Pages, entries, VMAs and the count of file pages, as far as `like` has them, seen by process `owner`. */
  read(owner: number, like: RecordedState): RecordedState {
    const { memory } = this.parts;
    const mm = memory.of(process).mm.get(owner);
    return {
      ...this.readPages(like),
      ptes: (like.ptes ?? []).map(({ view, va_offset }) => {
        const { address } = this.mapping(owner, this.registerOfView.get(view) ?? view);
        const at = address + Number(va_offset);
        const entry = readEntry(memory, mm, at, (frame) => this.pageIn(frame, like.pages));
        const frame = this.call(owner, 'pagemap_read', [mm, at]);
        const seen = frame < 0 ? frame : this.pageIn(frame, like.pages).pfn_index;
        return { view, va_offset, ...entry, ...(seen === null ? {} : { pagemap: seen }) };
      }),
      vmas: this.readVmas(owner, mm, like),
      ...(like.filePages === undefined ? {} : { filePages: memory.of(mm_struct).rss_file.get(mm) }),
    };
  }

  /** Only the pages that `like` has. */
  readPages(like: RecordedState): RecordedState {
    return { pages: like.pages.map((page) => this.readPage(page)) };
  }

  /** Size of a file of the scenario. */
  sizeOf(name: string): number | undefined {
    return this.watched?.sizeOf(name);
  }

  private readPage(page: RecordedPage): RecordedPage {
    const { memory } = this.parts;
    const { index, file } = page;
    if (this.watched === null) return readPage(memory, DEVICE, index, index);
    const devicePage = this.watched.devicePage(page);
    const named = file === undefined ? {} : { file };
    if (devicePage === undefined) return { index, ...named, refcount: null, mapcount: null, hole: true };
    const pfn = memory.of(dev_dax).start_pfn.get(DEVICE) + devicePage;
    return { ...readPage(memory, DEVICE, devicePage, index), ...named, ...readShare(memory, DEVICE, pfn) };
  }

  /** What the recording calls the page in a frame. */
  private pageIn(frame: number, pages: readonly RecordedPage[]): Pick<RecordedEntry, 'pfn_index' | 'zero'> {
    const { memory } = this.parts;
    const page = frame - memory.of(dev_dax).start_pfn.get(DEVICE);
    const isOfDevice = page >= 0 && page < memory.of(dev_dax).nr_pages.get(DEVICE);
    if (isOfDevice) return { pfn_index: this.watched?.frameLabel(frame, pages) ?? page };
    const isZero = frame === ZERO_PFN || (frame >= HUGE_ZERO_PFN && frame < HUGE_ZERO_PFN + 512);
    return { pfn_index: null, zero: isZero };
  }

  /** What a register of a process holds as a number. */
  registerValue(owner: number, name: string): number {
    return this.parts.registers.valueOf({ process: owner, slot: this.slot(owner, name) });
  }

  /** The same; undefined for one that was never set. */
  registerContent(owner: number, name: string): number | undefined {
    const reference = { process: owner, slot: this.slot(owner, name) };
    return this.parts.registers.isSet(reference) ? this.parts.registers.valueOf(reference) : undefined;
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
