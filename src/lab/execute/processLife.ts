import type { Branch } from '../../litmus/index.ts';
import type { AgentConnection } from '../agent/agentConnection.ts';
import { SYSTEM_CALLS } from '../agent/systemCalls.ts';
import { type Executor, ThreadCalls } from '../agent/threadCalls.ts';
import { LabError } from '../labError.ts';
import type { KernelThread } from './kernelThread.ts';
import { O_RDWR } from './operations/constants.ts';
import { ProcessGone } from './operations/context.ts';
import type { PageWatch } from './pageWatch.ts';
import type { Held, Registers } from './registers.ts';
import { pinsDownTo } from './settling.ts';
import type { TestDevice, TestProcess } from './world.ts';

/** Below all errnos: a signal as a result is this less its number. */
const SIGNAL_BASE = -1000;

/** In the place of a descriptor, of a device that is no character device. */
const NONE = -1;

/** Told where in the kernel an operation is blocked, and to wait for it; where nobody is, it must not sleep for long. */
type OnBlocked = (where: string) => void;

export interface ProcessLifeParts {
  readonly agent: AgentConnection;
  readonly devices: readonly TestDevice[];
  readonly processes: readonly TestProcess[];
  readonly registers: Registers;
  readonly watch: PageWatch;
}

/** How the processes and threads of a test come and go in the guest. */
export class ProcessLife {
  private readonly parts: ProcessLifeParts;

  constructor(parts: ProcessLifeParts) {
    this.parts = parts;
  }

  /** Makes the process of a process block, before the test begins; its descriptors are open. */
  async create(index: number, place: number): Promise<void> {
    const { agent, devices, processes } = this.parts;
    const id = await agent.process(place);
    const descriptors: number[] = [];
    for (const { path, kind } of devices) {
      const descriptor = kind === 'devdax' ? await this.callsOf(place).open(path, O_RDWR) : NONE;
      if (descriptor < 0 && kind === 'devdax')
        throw new LabError(`the guest cannot open ${path} (${descriptor})`);
      descriptors.push(descriptor);
    }
    processes[index]?.begin(id, descriptors);
  }

  /** A thread starts another one beside it. */
  async startThread(parent: KernelThread, { thread }: Branch): Promise<void> {
    await this.command(parent.index, 'thread', thread);
  }

  /** A thread is at the end of its text, and its process goes on. */
  async endThread({ index }: KernelThread): Promise<void> {
    await this.command(index, 'leave');
  }

  /** The child closes what its parent holds pages with: that stays the parent's alone. */
  async fork(
    thread: KernelThread,
    { process: child, thread: place }: Branch,
    onBlocked?: OnBlocked,
  ): Promise<void> {
    const { processes, registers } = this.parts;
    const id =
      (await this.parts.agent.execute(thread.index, { operation: 'fork', arguments: [place] }, onBlocked)) ??
      this.gone('fork');
    if (id < 0) throw new LabError(`the guest cannot fork (${id})`);
    const parent = processes[thread.process];
    if (parent !== undefined) processes[child]?.forkedFrom(parent, id);
    for (const descriptor of registers.heldBy(thread.process).flatMap(descriptorsOf)) {
      await this.command(place, 'syscall', SYSTEM_CALLS.close, descriptor);
    }
    registers.fork(thread.process, child);
  }

  /** `status`: of exit(2), or a signal as a result, which kills the process. */
  async exit(thread: KernelThread, status: number, onBlocked?: OnBlocked): Promise<void> {
    const signal = status < SIGNAL_BASE ? SIGNAL_BASE - status : 0;
    const { exit_group, kill } = SYSTEM_CALLS;
    const id = this.parts.processes[thread.process]?.id ?? 0;
    await this.leaveProcess(
      thread,
      (execute) =>
        signal === 0 ? execute('syscall', exit_group, status & 0xff) : execute('syscall', kill, id, signal),
      onBlocked,
    );
  }

  /** Becomes a program that exits at once. */
  async exec(thread: KernelThread, onBlocked?: OnBlocked): Promise<void> {
    await this.leaveProcess(thread, (execute) => this.callsOf(thread.index).exec(execute), onBlocked);
  }

  /** A process waits at its end for its direct I/O; what it has in rings is given back a little later. */
  private async leaveProcess(
    { index, process }: KernelThread,
    leave: (execute: Executor) => Promise<number>,
    onBlocked?: OnBlocked,
  ): Promise<void> {
    const { agent, registers, watch } = this.parts;
    const held = registers.heldBy(process);
    const ringPins = held.reduce((sum, each) => sum + leastPins(each), 0);
    const target = ringPins === 0 ? 0 : watch.pins() - ringPins;
    const hasLeft = async (): Promise<boolean> => {
      try {
        await leave(async (operation, ...args) => {
          const left = agent.execute(index, { operation, arguments: args }, onBlocked);
          for (const each of held) if (each.kind === 'request') agent.release(each.zone);
          return (await left) ?? this.gone(operation);
        });
      } catch (error) {
        if (error instanceof ProcessGone) return true;
        throw error;
      }
      return false;
    };
    if (!(await hasLeft())) throw new LabError('a process of the test does not end');
    if (ringPins > 0) await pinsDownTo(watch, Math.max(0, target));
  }

  private async command(
    place: number,
    operation: string,
    ...args: readonly (number | string)[]
  ): Promise<number> {
    return (await this.parts.agent.execute(place, { operation, arguments: args })) ?? this.gone(operation);
  }

  private callsOf(place: number): ThreadCalls {
    return new ThreadCalls(place, (operation, ...args) => this.command(place, operation, ...args));
  }

  private gone(operation: string): never {
    throw new ProcessGone(operation);
  }
}

function descriptorsOf(held: Held): readonly number[] {
  switch (held.kind) {
    case 'pipe':
      return [held.reader, held.writer];
    case 'ring':
    case 'pages':
      return [held.descriptor];
    case 'request':
    case 'descriptor':
    case 'file':
      return [];
  }
}

/** Pins that a ring holds at least. */
function leastPins(held: Held): number {
  return held.kind === 'pages' ? held.pages : held.kind === 'ring' ? 1 : 0;
}
