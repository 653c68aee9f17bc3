import type { Program } from '../../litmus/index.ts';
import type { Instruction, ThreadCode } from '../code/instruction.ts';

/** Who does something: a thread at one of its instructions, as one integer; 0 is nobody. */
export type Actor = number;

export const NOBODY: Actor = 0;

/** More instructions than a file of 10,000 statements flattens to. */
const INSTRUCTION_LIMIT = 2 ** 20;

export function actorOf(thread: number, position: number): Actor {
  return thread * INSTRUCTION_LIMIT + position + 1;
}

/** Index of the thread that acts. */
export function threadOf(actor: Actor): number {
  return Math.floor((actor - 1) / INSTRUCTION_LIMIT);
}

/** Puts actors into words. */
export class ActorNames {
  private readonly program: Program;
  private readonly code: readonly ThreadCode[];

  constructor(program: Program, code: readonly ThreadCode[]) {
    this.program = program;
    this.code = code;
  }

  /** `P.A: munmap(m)`; a process's main thread goes by the process's name. */
  describe(actor: Actor): string {
    return `${this.threadName(threadOf(actor))}: ${this.operationOf(actor)}`;
  }

  /** The text of what an actor does. */
  operationOf(actor: Actor): string {
    const instruction = this.code[threadOf(actor)]?.instructions[(actor - 1) % INSTRUCTION_LIMIT];
    return instruction === undefined ? 'exit' : textOf(instruction);
  }

  /** `P.A`, or `P` for a main thread. */
  threadName(thread: number): string {
    const found = this.program.threads[thread];
    if (found === undefined) return `thread ${thread}`;
    const processName = this.program.processes[found.process]?.name ?? '';
    return found.main ? processName : `${processName}.${found.name}`;
  }
}

function textOf(instruction: Instruction): string {
  switch (instruction.kind) {
    case 'operation':
      return instruction.operation.text;
    case 'fork':
      return instruction.branch.text;
    case 'assert':
      return `assert ${instruction.assert.text}`;
    case 'work':
      return instruction.name;
    case 'start':
    case 'join':
    case 'repeat':
    case 'again':
      return instruction.kind;
    case 'end':
      return 'exit';
  }
}
