import type { Program, ResolvedOperation } from '../../litmus/index.ts';
import { TestFiles } from './files/testFiles.ts';
import type { KernelSetting } from './kernelSetting.ts';
import type { KernelThread } from './kernelThread.ts';
import { NotExpressible } from './notExpressible.ts';
import type { OperationWorld } from './operations/context.ts';
import { PageWatch } from './pageWatch.ts';
import { ProcessLife } from './processLife.ts';
import { type Content, type Held, Registers } from './registers.ts';
import { comesTrue, pinsDownTo } from './settling.ts';
import { type TermSources, valueOfTerm } from './terms.ts';
import { TestDevice, TestProcess } from './world.ts';

/** What one execution of a test is about: its devices, processes, registers and pages, and what its operations see of them. */
export class RunWorld {
  readonly program: Program;
  readonly setting: KernelSetting;
  readonly processes: readonly TestProcess[];
  readonly devices: readonly TestDevice[];
  readonly registers: Registers;
  readonly life: ProcessLife;
  readonly watch: PageWatch;
  readonly files: TestFiles;
  readonly world: OperationWorld;
  readonly sources: TermSources;
  /** Threads whose operation sleeps in the kernel, or goes on running there. */
  readonly blocked: Set<KernelThread> = new Set();
  private zones = 0;
  /** Pins that are left once a ring that was closed has given its own back; null while none was. */
  private settlingTo: number | null = null;

  /** `places[i]`: which of the setting's devices stands for device i of the test. */
  constructor(program: Program, setting: KernelSetting, places: readonly number[]) {
    const { reader, scheme, agent } = setting;
    this.program = program;
    this.setting = setting;
    this.processes = program.processes.map(({ index }) => new TestProcess(index));
    this.devices = program.devices.map((device) => {
      const place = places[device.index] ?? device.index;
      const { path, bytes } = setting.devices[place] ?? { path: '', bytes: 0 };
      return new TestDevice(device, path, bytes, reader.firstFrame(place));
    });
    this.registers = new Registers(program);
    this.watch = new PageWatch(program.devices, reader, places, scheme);
    const { devices, processes, registers } = this;
    this.files = new TestFiles({ agent, devices, processes, registers });
    this.life = new ProcessLife({ agent, devices, processes, registers, watch: this.watch });
    this.sources = {
      program,
      scheme,
      registers: this.registers,
      watch: this.watch,
      files: this.files,
      reader,
      pageAt: (device: number, frame: number) => this.devices[device]?.pageAt(frame) ?? -1,
      bytesOf: (device: number) => this.devices[device]?.bytes ?? 0,
      isBound: (device: number) => this.devices[device]?.isBound ?? false,
      idOf: (process: number) => this.processes[process]?.id,
    };
    this.world = {
      registers: this.registers,
      watch: this.watch,
      files: this.files,
      lookAtFiles: () => this.lookAtFiles(),
      isElsewhere: ({ id }, device, address) => {
        const entry = id === undefined ? undefined : reader.entry(id, address);
        return entry !== undefined && this.devices[device]?.pageAt(entry.frame) === -1;
      },
      devices: this.devices,
      processes: this.processes,
      lookup: (term) => valueOfTerm(term, this.sources),
      disk: setting.disk,
      nextZone: () => ++this.zones,
      releaseZone: (zone) => agent.release(zone),
      settleLater: () => {
        this.settlingTo ??= this.watch.pins() - 1;
      },
      takeOwnTurn: () => {},
      arePagesHeld: () => this.held().some(({ kind }) => kind !== 'descriptor' && kind !== 'file'),
      requestsHeld: () => this.held().filter(({ kind }) => kind === 'request').length,
    };
  }

  /** What all processes that live hold. */
  private held(): Held[] {
    return this.processes.flatMap(({ index, id }) => (id === undefined ? [] : this.registers.heldBy(index)));
  }

  /** Value of every register now, by `P.r`; null for one that was never set. */
  registerValues(): Record<string, number | null> {
    return Object.fromEntries(
      this.program.processes.flatMap(({ index, name, registers }) =>
        registers.map((register, slot) => {
          const value = this.registers.read({ process: index, slot })?.value ?? null;
          return [`${name}.${register.name}`, value] as const;
        }),
      ),
    );
  }

  /** Whether every page of its devices is idle again, or becomes so in a moment. Ask when its processes are gone. */
  async comesToRest(): Promise<boolean> {
    return await comesTrue(() => this.watch.busy().length === 0);
  }

  /** Whether the kernel does something by itself that nobody has waited for yet. */
  get isSettling(): boolean {
    return this.settlingTo !== null;
  }

  /** Waits for what the kernel does by itself. */
  async settle(): Promise<void> {
    if (this.settlingTo === null) return;
    await pinsDownTo(this.watch, this.settlingTo);
    this.settlingTo = null;
  }

  /**
   * Looks where the blocks of all files are. Not while an operation is blocked in the kernel: it may hold what this takes, and
   * has not changed the files yet.
   */
  async lookAtFiles(): Promise<void> {
    if (!this.files.isNeeded || this.blocked.size > 0) return;
    await this.files.look();
    for (const { device, first, pages } of this.files.blocks()) {
      this.watch.addBlocks(device.index, first, pages);
    }
  }

  /**
   * An operation has failed. If that may be for want of room on a file system it is not compared: how much of it a real one
   * needs for itself is not modelled. Rejects with `NotExpressible`.
   */
  async expectRoom({ operation, span }: ResolvedOperation): Promise<void> {
    if (!this.files.isNeeded || this.blocked.size > 0) return;
    const full = await this.files.fullDevice();
    if (full === undefined) return;
    const why = `the file system of ${full.testName} is full, and real ones need room for themselves`;
    throw new NotExpressible(`${operation}: ${why}`, span);
  }

  processOf({ process: index }: KernelThread): TestProcess {
    const process = this.processes[index];
    if (process === undefined) throw new Error(`the test has no process ${index}`);
    return process;
  }

  /** Why an operation is skipped, as in the model: null when a register was never set; undefined when it is not. */
  unusable({ reads }: ResolvedOperation): Content | null | undefined {
    for (const { register, use } of reads) {
      const content = this.registers.read(register);
      if (content === undefined) return null;
      if (use === 'handle' && content.value < 0) return { kind: 'number', value: content.value };
    }
    return undefined;
  }
}
