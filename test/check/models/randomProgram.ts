import { numbersFrom } from './randomGraph.ts';
import type { Instruction, TinyProgram } from './tinyProgram.ts';

/** Data words, a word that is only counted up and down, and lock words. */
const DATA: readonly number[] = [0, 1, 2];
const TALLY = 3;
const LOCKS: readonly number[] = [4, 5];
const REGISTERS = 2;

/**
 * Two or three threads of a few statements: plain and atomic accesses, some of two words at once, critical sections
 * one in the other, branches on what was read, waits, polling loops, failures. Some of them deadlock, some poll for ever.
 */
export function randomProgram(seed: number): TinyProgram {
  const below = numbersFrom(seed);
  const writer = new ThreadWriter(below);
  const count = 2 + (below(3) === 0 ? 1 : 0);
  const codes = Array.from({ length: count }, () => writer.thread(count === 2 ? 5 : 3));
  // Now and then two threads run the same code, so that they may be exchanged.
  const [first = []] = codes;
  const threads = below(3) === 0 ? codes.map((code, index) => (index === 1 ? first : code)) : codes;
  const visible = below(4) === 0 ? [0, 1] : [];
  return {
    words: [0, 0, 0, 0, 0, 0],
    threads,
    registers: REGISTERS,
    visible,
    ...(visible.length > 0 ? { always: (words: readonly number[]) => words[0] !== 1 || words[1] !== 2 } : {}),
  };
}

class ThreadWriter {
  private readonly below: (below: number) => number;
  private code: Instruction[] = [];
  private held: number[] = [];

  constructor(below: (below: number) => number) {
    this.below = below;
  }

  thread(statements: number): readonly Instruction[] {
    this.code = [];
    this.held = [];
    this.emit({ op: 'load', word: this.data(), to: 0 });
    this.block(statements, 0);
    return this.code;
  }

  private emit(instruction: Instruction): number {
    return this.code.push(instruction) - 1;
  }

  private data(): number {
    return DATA[this.below(DATA.length)] ?? 0;
  }

  /** Two words of data. */
  private pair(): { readonly word: number; readonly other: number } {
    const word = this.data();
    const other = (word + 1) % DATA.length;
    return { word, other };
  }

  private block(statements: number, depth: number): void {
    for (let left = 1 + this.below(statements); left > 0; left--) this.statement(depth);
  }

  private statement(depth: number): void {
    const register = this.below(REGISTERS);
    const value = this.below(3);
    switch (this.below(depth < 2 ? 14 : 8)) {
      case 0:
      case 1:
        this.emit({ op: 'store', word: this.data(), value });
        return;
      case 2:
      case 3:
        this.emit({ op: 'load', word: this.data(), to: register });
        return;
      case 4:
        this.emit({ op: 'add', word: TALLY, by: 1 });
        return;
      case 5:
        this.emit({ op: 'addReturn', word: this.below(4) === 0 ? TALLY : this.data(), by: 1, to: register });
        return;
      case 6:
        this.emit({ op: 'addUnlessZero', word: this.data(), to: register });
        return;
      case 7:
        this.rare(register, value);
        return;
      case 8:
      case 9:
        this.branch(register, value, depth);
        return;
      default:
        this.criticalSection(depth);
    }
  }

  private rare(register: number, value: number): void {
    switch (this.below(6)) {
      case 0:
        this.emit({ op: 'await', word: this.data(), value });
        return;
      case 1: {
        const word = this.data();
        const start = this.emit({ op: 'load', word, to: register });
        this.emit({ op: 'jumpUnless', register, is: value, to: start });
        return;
      }
      case 2: {
        const jump = this.emit({ op: 'jump', to: 0 });
        this.emit({ op: 'fail', failure: 2 + this.below(2) });
        this.code[jump] = { op: 'jumpUnless', register, is: 2, to: this.code.length };
        return;
      }
      case 3:
        this.emit({ op: 'storeBoth', ...this.pair(), value });
        return;
      case 4:
        this.emit({ op: 'loadBoth', ...this.pair(), to: register });
        return;
      default:
        this.emit({ op: 'storeRegister', word: this.data(), from: register });
    }
  }

  private branch(register: number, value: number, depth: number): void {
    const jump = this.emit({ op: 'jump', to: 0 });
    this.block(2, depth + 1);
    this.code[jump] = { op: 'jumpUnless', register, is: value, to: this.code.length };
  }

  private criticalSection(depth: number): void {
    const free = LOCKS.filter((lock) => !this.held.includes(lock));
    const lock = free[this.below(Math.max(1, free.length))];
    if (lock === undefined) return;
    this.emit({ op: 'lock', word: lock });
    this.held.push(lock);
    this.block(3, depth + 1);
    this.held.pop();
    this.emit({ op: 'unlock', word: lock });
  }
}
