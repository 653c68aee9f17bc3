import { InternTable } from '../collapse/internTable.ts';
import { UNTOUCHED } from '../words/wordTree.ts';
import type { SharedMemory } from './sharedMemory.ts';

/** Stands between the parts of a thread's own words. No value of any of them. */
const END = UNTOUCHED + 1;

/** What belongs to one thread alone while it runs. */
export interface OwnState {
  /** Where the thread stands in its program, and what it remembers there; any integers. */
  control: number[];
  /** The frame of the kernel function that it is in; empty if it is in none. */
  frame: Float64Array;
  /** Which kernel function that is, by a number of the owner's; 0 if it is in none. */
  program: number;
  /** Locks that it holds, ascending. */
  held: number[];
}

/** Numbers the own words of the threads of one kind, with the private structs of the thread that steps. */
export class OwnWords {
  private readonly table: InternTable = new InternTable();
  private readonly memory: SharedMemory;
  private buffer: Float64Array = new Float64Array(256);

  constructor(memory: SharedMemory) {
    this.memory = memory;
  }

  get bytes(): number {
    return this.table.bytes;
  }

  get size(): number {
    return this.table.size;
  }

  /** The number of a thread's own words, its private structs as the memory has them included. */
  store({ control, frame, program, held }: OwnState): number {
    const { privateWords } = this.memory;
    let privates = privateWords.length;
    while (privates > 0 && privateWords[privates - 1] === UNTOUCHED) privates--;
    const length = control.length + frame.length + held.length + privates + 4;
    if (length > this.buffer.length) this.buffer = new Float64Array(2 * length);
    let at = 0;
    const put = (words: ArrayLike<number>, count: number): void => {
      for (let position = 0; position < count; position++) this.buffer[at++] = words[position] as number;
    };
    put(control, control.length);
    this.buffer[at++] = END;
    this.buffer[at++] = program;
    put(frame, frame.length);
    this.buffer[at++] = END;
    put(held, held.length);
    this.buffer[at++] = END;
    put(privateWords, privates);
    return this.table.intern(this.buffer, at);
  }

  /** Brings a thread's own words back, its private structs to the memory. */
  load(number: number): OwnState {
    const length = this.table.lengthOf(number);
    if (length > this.buffer.length) this.buffer = new Float64Array(2 * length);
    this.table.read(number, this.buffer);
    const parts: number[] = [];
    for (let at = 0; at < length; at++) if (this.buffer[at] === END) parts.push(at);
    const [control = 0, frame = 0, held = 0] = parts;
    const { memory } = this;
    const privates = length - held - 1;
    if (privates > memory.privateWords.length) memory.privateWords = new Float64Array(2 * privates);
    memory.privateWords.fill(UNTOUCHED);
    memory.privateWords.set(this.buffer.subarray(held + 1, length));
    return {
      control: [...this.buffer.subarray(0, control)],
      program: this.buffer[control + 1] as number,
      frame: this.buffer.slice(control + 2, frame),
      held: [...this.buffer.subarray(frame + 1, held)],
    };
  }

  /** The first word of a thread's control, without bringing anything back. */
  firstControl(number: number): number {
    return this.table.at(number, 0);
  }
}
