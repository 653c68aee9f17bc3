import { holder } from '../../kernel/state/holder.ts';
import { inode } from '../../kernel/state/inode.ts';
import { file as openFile } from '../../kernel/state/mm.ts';
import { SLOTS_HOLDER, slots } from '../../kernel/state/slots.ts';
import type { Program, RegisterReference } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import type { Layout } from '../observe/layout.ts';
import { FMODE_DEFAULT, mountArguments } from '../operations/devices.ts';
import type { Descriptors } from '../state/descriptors.ts';
import { process } from '../state/process.ts';
import type { Registers } from '../state/registers.ts';
import type { KernelForms } from './kernelForms.ts';
import { access, call, type Request } from './task.ts';
import type { ThreadSet } from './threadSet.ts';
import type { ThreadState } from './threadState.ts';

/** Part of an operation. */
type Steps = Generator<Request, void, number>;

/** In the place of a descriptor: a device with a file system is not open itself. */
const NOT_OPEN = 0;

/** Above all numbers of address spaces: marks what a process holds that is on its way out. */
const LEAVING = 1_000_000;

export interface ProcessesParts {
  readonly program: Program;
  readonly memory: Memory;
  readonly layout: Layout;
  readonly kernel: KernelForms;
  readonly registers: Registers;
  readonly descriptors: Descriptors;
}

/** The processes of the test: how they come, multiply and go. */
export class Processes {
  private readonly parts: ProcessesParts;
  private readonly fields: typeof process;

  constructor(parts: ProcessesParts) {
    this.parts = parts;
    this.fields = parts.memory.of(process);
  }

  /** Makes the process of a process block, before the test begins; its descriptors are open. */
  create(index: number, mainThread: number): void {
    const { kernel, program, descriptors } = this.parts;
    this.fields.mm.set(index, kernel.run(mainThread, 'mm_alloc', []));
    for (const { index: device, kind } of program.devices) {
      const file = kind === 'fsdax' ? NOT_OPEN : kernel.run(mainThread, 'dax_open', [device, FMODE_DEFAULT]);
      descriptors.install(index, file);
    }
  }

  /** A thread's CPU enters the address space of its process: nobody else can tell when. */
  enter({ index, process: owner, role }: ThreadState): void {
    const { kernel } = this.parts;
    const mm = this.fields.mm.get(owner);
    if (role === 'thread') kernel.run(index, 'mmget', [mm]);
    kernel.run(index, 'activate_mm', [mm]);
  }

  /** A thread at its end leaves the address space, in which others remain. */
  leave({ index, process: owner }: ThreadState): void {
    const { kernel } = this.parts;
    kernel.run(index, 'activate_mm', [0]);
    kernel.run(index, 'mmput', [this.fields.mm.get(owner)]);
  }

  isDying(index: number): boolean {
    return this.fields.dying.get(index) !== 0;
  }

  /** A thread ends its process: the others leave as soon as they stand between two operations. */
  kill(index: number, threads: ThreadSet): void {
    this.fields.dying.set(index, 1);
    threads.wakeAll(index);
  }

  /** fork(2): makes the child's process, which its thread then enters. */
  *fork({ process: parent }: ThreadState, child: number): Steps {
    const { program, registers, descriptors } = this.parts;
    const mm = yield call('dup_mm', this.fields.mm.get(parent));
    yield access(() => {
      this.fields.mm.set(child, mm);
      this.fields.dying.set(child, 0);
      registers.copy(parent, child, program.processes[parent]?.registers ?? []);
      descriptors.copy(parent, child);
      return 0;
    });
    for (const file of descriptors.openFiles(child)) yield call('get_file', file);
  }

  /** A thread leaves its process for good; the last one closes what the process has open. */
  *exit(state: ThreadState, threads: ThreadSet): Steps {
    const { process: owner } = state;
    yield access(() => this.markHolders(owner));
    yield call('exit_mm', this.fields.mm.get(owner));
    const isLast = yield access(() => (threads.leaves(state) ? 1 : 0));
    if (isLast === 0) return;
    yield call('release_holders_of_mm', LEAVING + owner);
    for (const file of this.parts.descriptors.openFiles(owner)) yield call('fput', file);
    yield access(() => {
      this.parts.descriptors.clear(owner);
      this.fields.mm.set(owner, 0);
      return 0;
    });
  }

  /** execve(2) of a program that exits at once. */
  *exec(state: ThreadState, threads: ThreadSet): Steps {
    const { process: owner } = state;
    yield {
      kind: 'wait',
      until: () => threads.othersOf(state).length === 0,
      what: 'the end of the other threads of its process',
      whom: () => threads.othersOf(state).map(({ index }) => index),
    };
    yield access(() => this.markHolders(owner));
    const mm = yield call('exec_mmap', this.fields.mm.get(owner));
    yield access(() => {
      this.fields.mm.set(owner, mm);
      return 0;
    });
    yield* this.exit(state, threads);
  }

  /**
   * A power loss in the only process. It comes back as a program that was started again: nothing is mapped or held, the
   * devices with file systems have what was made durable, and the files that were open are opened again by their names.
   */
  *crash({ process: owner }: ThreadState): Steps {
    const { program, registers, descriptors } = this.parts;
    const open = this.openFiles(owner);
    yield access(() => this.markHolders(owner));
    const mm = yield call('exec_mmap', this.fields.mm.get(owner));
    yield access(() => {
      this.fields.mm.set(owner, mm);
      return 0;
    });
    yield call('release_holders_of_mm', LEAVING + owner);
    for (const file of descriptors.openFiles(owner)) yield call('fput', file);
    yield access(() => {
      descriptors.clear(owner);
      program.processes[owner]?.registers.forEach((_, slot) => {
        registers.lose({ process: owner, slot });
      });
      return 0;
    });
    for (const { index: device, kind } of program.devices) {
      if (kind === 'fsdax') yield* this.boot(device);
    }
    for (const { index: device, kind } of program.devices) {
      const file = kind === 'fsdax' ? NOT_OPEN : yield call('dax_open', device, FMODE_DEFAULT);
      yield access(() => descriptors.install(owner, file));
    }
    for (const { slot, device, name } of open) {
      const file = yield call('sys_open', device, name, 0, -1, FMODE_DEFAULT);
      yield access(() => this.reopened({ process: owner, slot }, file, name));
    }
  }

  /** A device after a power loss and the boot that follows: its driver has it and its file system is mounted, whatever was before. */
  private *boot(device: number): Steps {
    yield call('pmem_attach', device);
    yield call('power_loss', device);
    yield call('fs_revive', device);
    yield call('fs_mount', ...mountArguments(this.parts.layout, device));
  }

  /** The registers of a process that hold open files, with the names and devices of these. */
  private openFiles(owner: number): { slot: number; device: number; name: number }[] {
    const { program, memory, registers } = this.parts;
    const { i_sb } = memory.of(inode);
    return (program.processes[owner]?.registers ?? []).flatMap(({ kind }, slot) => {
      if (kind !== 'file') return [];
      const view = registers.read({ process: owner, slot });
      return view.object === 0 ? [] : [{ slot, device: i_sb.get(view.inode) - 1, name: view.name - 1 }];
    });
  }

  /** Gives a register the file that has its name now, or the error that there is none. */
  private reopened(register: RegisterReference, file: number, name: number): number {
    const { memory, registers, descriptors } = this.parts;
    if (file < 0) {
      registers.write(register, { kind: 'number', value: file });
    } else {
      const object = descriptors.install(register.process, file) + 1;
      const mapping = memory.of(openFile).f_mapping.get(file);
      registers.write(register, { kind: 'file', object, inode: mapping, name: name + 1 });
    }
    return 0;
  }

  /**
   * What the process holds goes by a mark of its own from now on: its address space is gone before it is closed, and
   * the number of the address space may be another process's by then.
   */
  private markHolders(owner: number): number {
    const { memory } = this.parts;
    const { kind, mm } = memory.of(holder);
    const limit = memory.of(slots).highest.get(SLOTS_HOLDER);
    const own = this.fields.mm.get(owner);
    for (let slot = 1; slot <= limit; slot++) {
      if (kind.get(slot) !== 0 && mm.get(slot) === own) mm.set(slot, LEAVING + owner);
    }
    return 0;
  }
}
