import type { DialectProgram, Overrides } from '../../compile/link/selection.ts';
import { kernelProgram } from '../../kernel/link.ts';
import { isDeclared, type Program, type Scheme } from '../../litmus/index.ts';
import type { Machine } from '../../machine/machine.ts';
import { SlabMemory } from '../../machine/slabMemory.ts';
import { placeInMemory } from '../boot/boot.ts';
import { configureKernel } from '../boot/kernelConfig.ts';
import { flatten } from '../code/flatten.ts';
import { ConditionBoard } from '../conditions/conditionBoard.ts';
import { TermReader } from '../conditions/termReader.ts';
import { ActorNames } from '../observe/actor.ts';
import { Layout } from '../observe/layout.ts';
import { Observer } from '../observe/observer.ts';
import { PageHolders } from '../observe/pageHolders.ts';
import { thereIn } from '../report/isThere.ts';
import { Rehearsal } from '../report/rehearsal.ts';
import { type DetailedStep, StepChanges } from '../report/stepChanges.ts';
import { StepList } from '../report/steps.ts';
import { UnfinishedOperations } from '../report/unfinished.ts';
import { WordNames } from '../report/wordNames.ts';
import { Descriptors } from '../state/descriptors.ts';
import { Registers } from '../state/registers.ts';
import { KernelForms } from './kernelForms.ts';
import { LockOwners } from './lockOwners.ts';
import { Processes } from './processes.ts';
import { Stepper } from './stepper.ts';
import { Tasks } from './tasks.ts';
import { ThreadSet } from './threadSet.ts';

export interface AssemblyOptions {
  /** The kernel's sources; those that were built in unless given. */
  readonly sources: DialectProgram | undefined;
  /** Mutations: name of a kernel function → name of its replacement. */
  readonly overrides: Overrides;
  /** Whether threads know their chain of calls. */
  readonly trace: boolean;
  /** Told of each operation that is over. */
  readonly onOperation: ((operation: DetailedStep) => void) | undefined;
}

/** Everything that one execution is made of, connected. */
export interface Assembly {
  readonly machine: Machine;
  readonly memory: SlabMemory;
  readonly names: ActorNames;
  readonly observer: Observer;
  readonly registers: Registers;
  readonly kernel: KernelForms;
  readonly board: ConditionBoard;
  readonly processes: Processes;
  readonly threads: ThreadSet;
  readonly stepper: Stepper;
  readonly steps: StepList;
  /** Names the words of the memory. */
  readonly wordNames: WordNames;
  readonly unfinished: UnfinishedOperations;
  readonly rehearsal: Rehearsal;
  /** Undefined where nobody wants to know. */
  readonly details: StepChanges | undefined;
  /** Undefined where one thread is alone: it waits for nobody. */
  readonly owners: LockOwners | undefined;
}

/** Builds the machine of a test, with its devices in place but not bound, and all that watches it. */
export function assemble(program: Program, scheme: Scheme, options: AssemblyOptions): Assembly {
  const { sources, trace } = options;
  const code = flatten(program, scheme);
  const memory = new SlabMemory();
  const cpus = program.threads.length;
  const layout = new Layout(program);
  const names = new ActorNames(program, code);
  const observer = new Observer({
    memory,
    cpus,
    layout,
    scheme,
    names,
    pageHolders: new PageHolders(program, memory),
    isDeclared: (property) => isDeclared(property, program, scheme),
  });
  const machine: Machine = { memory, cpus, cpu: 0, observer };
  placeInMemory(memory, layout, (pfn) => observer.pgmaps.missed(pfn));

  const overrides = configureKernel(options.overrides, layout);
  const kernel = new KernelForms({ machine, scheme, sources, overrides, trace });
  const registers = new Registers(memory);
  const descriptors = new Descriptors(memory);
  const { lookup } = new TermReader({ program, scheme, memory, registers, observer });
  const board = new ConditionBoard(program, scheme, lookup);
  const processes = new Processes({ program, memory, layout, kernel, registers, descriptors });
  const threads = new ThreadSet({ program, code, board, observer, lifeCycle: processes });
  const { tables } = observer.entries;
  const wordNames = new WordNames({
    program,
    memory,
    layout,
    files: observer.files,
    names,
    tables,
  });
  const steps = new StepList(program, observer);
  const tasks = new Tasks({
    program,
    world: { memory, registers, descriptors, observer, lookup },
    threads,
    processes,
    record: (state, record) => {
      const step = steps.add(state, record);
      if (step !== undefined) details?.over(state.index, step);
    },
  });
  const stepper = new Stepper(tasks, kernel, observer);
  const owners =
    cpus > 1
      ? new LockOwners(memory, () => ({ thread: machine.cpu, site: stepper.lastChain.at(-1) }))
      : undefined;
  const { steps: primitives } = (sources ?? kernelProgram).scope;
  const rehearsal = new Rehearsal(machine, primitives, thereIn(memory, layout));
  const unfinished = new UnfinishedOperations({
    program,
    names,
    observer,
    stepper,
    owners,
    memory,
    wordNames,
    threads,
    rehearsal,
  });
  const tell = options.onOperation;
  const details: StepChanges | undefined =
    tell &&
    new StepChanges({ memory, names: wordNames, observer, unfinished, thread: () => machine.cpu, tell });
  return {
    machine,
    memory,
    names,
    observer,
    registers,
    kernel,
    board,
    processes,
    threads,
    stepper,
    steps,
    wordNames,
    unfinished,
    rehearsal,
    details,
    owners,
  };
}
