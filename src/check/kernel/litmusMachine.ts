import type { DialectProgram, Overrides } from '../../compile/link/selection.ts';
import { type FrameKernel, link } from '../../compile/link.ts';
import { kernelProgram } from '../../kernel/link.ts';
import { FILE_PAGES } from '../../kernel/state/address_space.ts';
import { dev_dax, dev_pagemap } from '../../kernel/state/dax.ts';
import { initialPageField } from '../../kernel/state/memmap.ts';
import { page } from '../../kernel/state/page.ts';
import { PTRS_PER_TABLE } from '../../kernel/state/pgtable.ts';
import { PIPE_BUFFERS } from '../../kernel/state/pipe_buffer.ts';
import {
  isDeclared,
  type Program,
  type PropertyName,
  type ResolvedAssert,
  type Scheme,
  type TermLookup,
} from '../../litmus/index.ts';
import { TLB_STRIDE } from '../../machine/cpus.ts';
import type { Machine } from '../../machine/machine.ts';
import { bindDevices, hasStructPage } from '../../run/boot/boot.ts';
import { configureKernel } from '../../run/boot/kernelConfig.ts';
import { flatten } from '../../run/code/flatten.ts';
import { ConditionBoard } from '../../run/conditions/conditionBoard.ts';
import { TermReader } from '../../run/conditions/termReader.ts';
import { KernelForms } from '../../run/interpreter/kernelForms.ts';
import { Processes } from '../../run/interpreter/processes.ts';
import { Tasks } from '../../run/interpreter/tasks.ts';
import { ThreadSet } from '../../run/interpreter/threadSet.ts';
import { ActorNames } from '../../run/observe/actor.ts';
import { Layout } from '../../run/observe/layout.ts';
import { PageHolders } from '../../run/observe/pageHolders.ts';
import { Descriptors } from '../../run/state/descriptors.ts';
import { Registers } from '../../run/state/registers.ts';
import { SharedMemory } from '../machine/sharedMemory.ts';
import { StateObserver } from './stateObserver.ts';
import { keepInMemory } from './threadWords.ts';

/** Objects of one region of the structs that the kernel looks through or forgets by ranges. */
const REGIONS: Readonly<Record<string, number>> = {
  tlb: TLB_STRIDE,
  newer_translation: Number.MAX_SAFE_INTEGER,
  pte_table: PTRS_PER_TABLE,
  pmd_table: PTRS_PER_TABLE,
  pud_table: PTRS_PER_TABLE,
  pgd_table: PTRS_PER_TABLE,
  pipe_buffer: PIPE_BUFFERS,
  watched_unit: Number.MAX_SAFE_INTEGER,
};

/** The same where there are files. */
const FILE_REGIONS: Readonly<Record<string, number>> = {
  i_pages: FILE_PAGES,
  stale_reference: Number.MAX_SAFE_INTEGER,
  device_bytes: Number.MAX_SAFE_INTEGER,
  durable_bytes: Number.MAX_SAFE_INTEGER,
  cached_page: Number.MAX_SAFE_INTEGER,
};

/** Structs whose regions are large, and hold little: a file may have holes without end. */
const SPARSE: readonly string[] = ['i_pages'];

export interface LitmusMachineOptions {
  /** Mutations: name of a kernel function → name of its replacement. */
  readonly overrides: Overrides;
  /** The kernel's sources; those that were built in unless given. */
  readonly sources?: DialectProgram | undefined;
  /** Structs that steps turned out to look through or to forget by ranges; each is then one region. */
  readonly ranged?: readonly string[];
  /** Only what breaks this property ends an execution; what breaks others is passed over. */
  readonly sought?: PropertyName | undefined;
}

/** Tells which asserts were reached, and which did not hold in the current step. */
class AssertBoard extends ConditionBoard {
  readonly reached: Set<ResolvedAssert> = new Set();
  readonly failed: ResolvedAssert[] = [];

  override assert(assert: ResolvedAssert): boolean {
    const holds = super.assert(assert);
    this.reached.add(assert);
    if (!holds) this.failed.push(assert);
    return holds;
  }
}

/** The parts of a run, put together on a memory that can be stored and brought back. */
export interface LitmusMachine {
  readonly program: Program;
  readonly scheme: Scheme;
  readonly memory: SharedMemory;
  readonly machine: Machine;
  readonly layout: Layout;
  readonly observer: StateObserver;
  readonly board: AssertBoard;
  readonly threads: ThreadSet;
  readonly tasks: Tasks;
  readonly registers: Registers;
  readonly lookup: TermLookup;
  /** Whether an execution goes on when the property is broken: the test declares it, or nobody looks for it. */
  readonly isPassedOver: (property: PropertyName) => boolean;
  /** Kernel functions step by step. */
  readonly frames: FrameKernel;
  /** Kernel functions at once. */
  readonly whole: KernelForms;
}

/**
 * Builds the machine of a test and boots it, up to where its processes begin.
 * @throws {TestError} if the test asks for what cannot be
 */
export function bootLitmusMachine(
  program: Program,
  scheme: Scheme,
  { overrides, sources, ranged = [], sought }: LitmusMachineOptions,
): LitmusMachine {
  const oneRegion = ranged.map((struct) => [struct, Number.MAX_SAFE_INTEGER] as const);
  const layout = new Layout(program);
  const regions = { ...REGIONS, ...(layout.hasFiles ? FILE_REGIONS : {}), ...Object.fromEntries(oneRegion) };
  const memory = new SharedMemory({ regions, sparse: SPARSE });
  const cpus = program.threads.length;
  const code = flatten(program, scheme);
  const names = new ActorNames(program, code);
  const isHazard = (property: PropertyName): boolean => isDeclared(property, program, scheme);
  const isPassedOver = (property: PropertyName): boolean =>
    isHazard(property) || (sought !== undefined && property !== sought);
  const observer = new StateObserver({
    memory,
    cpus,
    layout,
    scheme,
    names,
    pageHolders: new PageHolders(program, memory),
    isDeclared: isHazard,
    isPassedOver,
  });
  const machine: Machine = { memory, cpus, cpu: 0, observer };
  placeDevices(memory, layout, observer);

  const configured = configureKernel(overrides, layout);
  const whole = new KernelForms({ sources, machine, scheme, overrides: configured, trace: false });
  const registers = new Registers(memory);
  const descriptors = new Descriptors(memory);
  const { lookup } = new TermReader({ program, scheme, memory, registers, observer });
  const board = new AssertBoard(program, scheme, lookup);
  const processes = new Processes({ program, memory, layout, kernel: whole, registers, descriptors });
  const threads = new ThreadSet({ program, code, board, observer, lifeCycle: processes });
  keepInMemory(threads.states, memory);
  const world = { memory, registers, descriptors, observer, lookup };
  const tasks = new Tasks({ program, world, threads, processes, record: () => {} });
  const frames = link(sources ?? kernelProgram, 'frames', { scheme, overrides: configured });
  bindDevices(program, layout, whole);
  startProcesses(program, processes, threads);
  return {
    program,
    scheme,
    memory,
    machine,
    layout,
    observer,
    board,
    threads,
    tasks,
    registers,
    lookup,
    isPassedOver,
    frames,
    whole,
  };
}

function placeDevices(memory: SharedMemory, layout: Layout, observer: StateObserver): void {
  const devices = memory.of(dev_dax);
  for (const { device, firstFrame, frames, alignFrames } of layout.extents) {
    devices.align.set(device, alignFrames);
    devices.start_pfn.set(device, firstFrame);
    devices.nr_pages.set(device, frames);
  }
  const { memmap } = memory.of(dev_pagemap);
  memory.setUntouched(page, (field, pfn) => {
    const extent = layout.extentOf(pfn);
    return extent === undefined ? 0 : initialPageField(memory, extent.device, field, pfn);
  });
  memory.guard(page, {
    refuses: (pfn) => !hasStructPage(layout, memmap, pfn),
    refused: (pfn) => observer.pgmaps.missed(pfn),
  });
}

function startProcesses(program: Program, processes: Processes, threads: ThreadSet): void {
  for (const { index, parent, mainThread } of program.processes) {
    if (parent === null) processes.create(index, mainThread);
  }
  for (const state of threads.states) {
    if (state.role === 'process') threads.begin(state);
  }
}
