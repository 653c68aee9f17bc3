import {
  ACQUIRE,
  type Access,
  ADD,
  accessOf,
  heldLock,
  READ,
  RELEASE,
  WRITE,
} from '../../../src/check/collapse/access.ts';
import type { ComponentModel, StepRecord } from '../../../src/check/collapse/componentModel.ts';
import { Footprints } from '../../../src/check/collapse/footprints.ts';
import { InternTable } from '../../../src/check/collapse/internTable.ts';
import { NOT_ENABLED, type Property, STEPPED, type State } from '../../../src/check/model.ts';
import { WordTree } from '../../../src/check/words/wordTree.ts';

/**
 * Instructions of a hand-written thread. Words and registers are numbers; those of the first group are steps,
 * the others are local and ride behind the step before them.
 */
export type Instruction =
  | { readonly op: 'load'; readonly word: number; readonly to: number }
  | { readonly op: 'store'; readonly word: number; readonly value: number }
  /** Stores a register. */
  | { readonly op: 'storeRegister'; readonly word: number; readonly from: number }
  | { readonly op: 'add'; readonly word: number; readonly by: number }
  /** Adds and keeps the new value. */
  | { readonly op: 'addReturn'; readonly word: number; readonly by: number; readonly to: number }
  /** Stores one value to two words at once. */
  | { readonly op: 'storeBoth'; readonly word: number; readonly other: number; readonly value: number }
  /** Loads two words at once; keeps their sum. */
  | { readonly op: 'loadBoth'; readonly word: number; readonly other: number; readonly to: number }
  /** Adds 1 unless the word is 0; keeps whether it did. */
  | { readonly op: 'addUnlessZero'; readonly word: number; readonly to: number }
  /** Takes a lock word; writes 1, or the thread's number plus 1. */
  | { readonly op: 'lock'; readonly word: number; readonly mark?: 'owner' }
  | { readonly op: 'unlock'; readonly word: number }
  /** Waits until the word has the value. */
  | { readonly op: 'await'; readonly word: number; readonly value: number }
  | { readonly op: 'set'; readonly register: number; readonly value: number }
  | { readonly op: 'jump'; readonly to: number }
  /** Jumps if the register has the value. */
  | { readonly op: 'jumpIf'; readonly register: number; readonly is: number; readonly to: number }
  | { readonly op: 'jumpUnless'; readonly register: number; readonly is: number; readonly to: number }
  /** Jumps if two registers differ. */
  | { readonly op: 'jumpIfDiffer'; readonly left: number; readonly right: number; readonly to: number }
  /** Ends the execution with that failure, 2 or more. */
  | { readonly op: 'fail'; readonly failure: number };

export interface TinyProgram {
  /** Initial values of the shared words. */
  readonly words: readonly number[];
  /** Each thread's code. Threads with the very same array are of one kind. */
  readonly threads: readonly (readonly Instruction[])[];
  readonly registers: number;
  /** Words that a property looks at. */
  readonly visible?: readonly number[];
  /** Holds of the shared words in every state. */
  readonly always?: (words: readonly number[]) => boolean;
  /** Whether threads with the same code are of one kind and may be exchanged; true unless given. */
  readonly interchangeable?: boolean;
}

/** A thread while it runs: where it stands, its registers, the locks that it holds. */
export interface TinyThread {
  readonly self: number;
  pc: number;
  registers: number[];
  held: number[];
}

const isLocal = ({ op }: Instruction): boolean =>
  ['set', 'jump', 'jumpIf', 'jumpUnless', 'jumpIfDiffer', 'fail'].includes(op);

/** Words and registers at an end. */
export function describeEnd(words: readonly number[], threads: readonly TinyThread[]): string {
  return JSON.stringify([words, threads.map(({ registers }) => registers)]);
}

/** Runs local code up to the next step or the end. Answers `STEPPED` or a failure. */
export function runLocal(code: readonly Instruction[], thread: TinyThread): number {
  for (;;) {
    const instruction = code[thread.pc];
    if (instruction === undefined || !isLocal(instruction)) return STEPPED;
    thread.pc++;
    const value = (register: number): number => thread.registers[register] ?? 0;
    if (instruction.op === 'set') thread.registers[instruction.register] = instruction.value;
    else if (instruction.op === 'jump') thread.pc = instruction.to;
    else if (instruction.op === 'jumpIf') {
      if (value(instruction.register) === instruction.is) thread.pc = instruction.to;
    } else if (instruction.op === 'jumpUnless') {
      if (value(instruction.register) !== instruction.is) thread.pc = instruction.to;
    } else if (instruction.op === 'jumpIfDiffer') {
      if (value(instruction.left) !== value(instruction.right)) thread.pc = instruction.to;
    } else if (instruction.op === 'fail') return instruction.failure;
  }
}

/** Executes the step that a thread stands at, in place. Notes accesses; answers as `ComponentModel.step`. */
export function executeStep(
  code: readonly Instruction[],
  thread: TinyThread,
  words: number[],
  accesses: Access[] = [],
): number {
  const instruction = code[thread.pc];
  if (instruction === undefined) return NOT_ENABLED;
  if (!('word' in instruction)) throw new Error('a thread must stand at a step');
  const { word } = instruction;
  const before = words[word] ?? 0;
  switch (instruction.op) {
    case 'load':
      accesses.push(accessOf(word, READ));
      thread.registers[instruction.to] = before;
      break;
    case 'store':
      accesses.push(accessOf(word, WRITE));
      words[word] = instruction.value;
      break;
    case 'storeRegister':
      accesses.push(accessOf(word, WRITE));
      words[word] = thread.registers[instruction.from] ?? 0;
      break;
    case 'add':
      accesses.push(accessOf(word, ADD));
      words[word] = before + instruction.by;
      break;
    case 'addReturn':
      accesses.push(accessOf(word, WRITE));
      words[word] = before + instruction.by;
      thread.registers[instruction.to] = before + instruction.by;
      break;
    case 'storeBoth':
      for (const one of [word, instruction.other]) {
        accesses.push(accessOf(one, WRITE));
        words[one] = instruction.value;
      }
      break;
    case 'loadBoth':
      accesses.push(accessOf(word, READ), accessOf(instruction.other, READ));
      thread.registers[instruction.to] = before + (words[instruction.other] ?? 0);
      break;
    case 'addUnlessZero':
      accesses.push(accessOf(word, WRITE));
      if (before !== 0) words[word] = before + 1;
      thread.registers[instruction.to] = before !== 0 ? 1 : 0;
      break;
    case 'lock':
      accesses.push(accessOf(word, ACQUIRE));
      if (before !== 0) return NOT_ENABLED;
      words[word] = instruction.mark === 'owner' ? thread.self + 1 : 1;
      thread.held = [...thread.held, word].sort((a, b) => a - b);
      break;
    case 'unlock':
      accesses.push(accessOf(word, RELEASE));
      words[word] = 0;
      thread.held = thread.held.filter((held) => held !== word);
      break;
    case 'await':
      accesses.push(accessOf(word, READ));
      if (before !== instruction.value) return NOT_ENABLED;
      break;
  }
  thread.pc++;
  return runLocal(code, thread);
}

/** The shared words that an instruction has to do with. */
function wordsOf(instruction: Instruction | undefined): readonly number[] {
  if (instruction === undefined || !('word' in instruction)) return [];
  return 'other' in instruction ? [instruction.word, instruction.other] : [instruction.word];
}

export function startThread(program: TinyProgram, thread: number): TinyThread {
  const registers = Array.from({ length: program.registers }, () => 0);
  const started: TinyThread = { self: thread, pc: 0, registers, held: [] };
  runLocal(program.threads[thread] ?? [], started);
  return started;
}

/** The program as a system of components. `describeEnd` tells words and registers of a state. */
export function tinyComponents(program: TinyProgram): ComponentModel & { describeEnd(state: State): string } {
  const isNamed = program.interchangeable === false;
  const codes = isNamed ? program.threads : [...new Set(program.threads)];
  const kinds = program.threads.map((code, thread) => (isNamed ? thread : codes.indexOf(code)));
  const footprints = new Footprints();
  const shared = new WordTree();
  const owns = codes.map(() => new InternTable());
  const ownTable = (thread: number): InternTable => owns[kinds[thread] ?? 0] as InternTable;
  const encode = ({ pc, registers, held }: TinyThread): Float64Array =>
    Float64Array.of(pc, ...registers, ...held);
  const decode = (thread: number, own: number): TinyThread => {
    const words = new Float64Array(64);
    const length = ownTable(thread).read(own, words);
    const [pc = 0, ...rest] = words.subarray(0, length);
    return {
      self: thread,
      pc,
      registers: rest.slice(0, program.registers),
      held: rest.slice(program.registers),
    };
  };
  const decodeShared = (number: number): number[] => program.words.map((_, word) => shared.at(number, word));
  const properties: Property[] =
    program.always === undefined
      ? []
      : [
          {
            name: 'always',
            kind: 'always',
            holds: (state) => program.always?.(decodeShared(state[0] ?? 0)) ?? true,
          },
        ];
  return {
    threads: program.threads.length,
    shared,
    footprints,
    properties,
    kindOf: (thread) => kinds[thread] ?? 0,
    isInterchangeable: () => !isNamed,
    mayRunBeside: (kind, other) => kind !== other || kinds.filter((one) => one === kind).length > 1,
    isBetween: () => false,
    initialShared: () => {
      program.words.forEach((value, word) => {
        shared.set(word, value);
      });
      return shared.store();
    },
    initialOwn: (thread) => ownTable(thread).intern(encode(startThread(program, thread))),
    step(thread: number, own: number, record: StepRecord): number {
      const code = program.threads[thread] ?? [];
      const running = decode(thread, own);
      const held = running.held.map((word) => heldLock(word, false));
      const op = code[running.pc]?.op;
      const words = [...program.words];
      const used = wordsOf(code[running.pc]);
      for (const word of used) words[word] = shared.get(word);
      const accesses: Access[] = [];
      const outcome = executeStep(code, running, words, accesses);
      record.footprint = footprints.intern({
        accesses,
        held,
        waits: op === 'lock' || op === 'await',
        boundary: false,
      });
      if (outcome === STEPPED) {
        record.own = ownTable(thread).intern(encode(running));
        for (const word of used) shared.set(word, words[word] ?? 0);
      }
      return outcome;
    },
    isEnd: (state) =>
      program.threads.every((code, thread) => decode(thread, state[1 + thread] ?? 0).pc >= code.length),
    isVisible: (word) => program.visible?.includes(word) ?? false,
    describeEnd: (state) =>
      describeEnd(
        decodeShared(state[0] ?? 0),
        program.threads.map((_, thread) => decode(thread, state[1 + thread] ?? 0)),
      ),
    describeOwn: (thread, own) => `pc ${decode(thread, own).pc}`,
    describeShared: (number) => decodeShared(number).join(' '),
    describeStep: (thread, own) => `thread ${thread} at ${decode(thread, own).pc}`,
    describeFailure: (failure) => `failure ${failure}`,
    describeWord: (word) => `word ${word}`,
    get bytes() {
      return shared.bytes + owns.reduce((sum, table) => sum + table.bytes, 0);
    },
  };
}
