import {
  holdsUnder,
  type Program,
  type ResolvedOperation,
  type ResolvedStatement,
  type Scheme,
} from '../../litmus/index.ts';
import type { Instruction, ThreadCode } from './instruction.ts';

/** The code of every thread of a program, by thread index. Asserts of the other scheme are left out. */
export function flatten(program: Program, scheme: Scheme): ThreadCode[] {
  return program.threads.map((thread) => {
    const writer = new CodeWriter(scheme);
    writer.body(thread.body, 0);
    writer.instructions.push({ kind: 'end' });
    return { thread: thread.index, instructions: writer.instructions, counters: writer.counters };
  });
}

class CodeWriter {
  readonly instructions: Instruction[] = [];
  counters = 0;
  private readonly scheme: Scheme;

  constructor(scheme: Scheme) {
    this.scheme = scheme;
  }

  /** Appends a body that stands inside `depth` loops. */
  body(statements: readonly ResolvedStatement[], depth: number): void {
    let work: string | null = null;
    for (const statement of statements) {
      if (work !== null && statement.kind !== 'assert') {
        this.instructions.push({ kind: 'work', name: work });
        work = null;
      }
      this.statement(statement, depth);
      if (statement.kind === 'operation') work = workBehind(statement);
    }
    if (work !== null) this.instructions.push({ kind: 'work', name: work });
  }

  private statement(statement: ResolvedStatement, depth: number): void {
    switch (statement.kind) {
      case 'operation':
        this.instructions.push({ kind: 'operation', operation: statement });
        return;
      case 'assert':
        if (holdsUnder(statement, this.scheme)) {
          this.instructions.push({ kind: 'assert', assert: statement });
        }
        return;
      case 'repeat': {
        if (statement.count === 0) return;
        this.counters = Math.max(this.counters, depth + 1);
        this.instructions.push({ kind: 'repeat', counter: depth, count: statement.count });
        const target = this.instructions.length;
        this.body(statement.body, depth + 1);
        this.instructions.push({ kind: 'again', counter: depth, target });
        return;
      }
      case 'row': {
        const { branches } = statement;
        for (const branch of branches) {
          if (branch.kind === 'fork') this.instructions.push({ kind: 'fork', branch });
        }
        this.instructions.push({ kind: 'start', branches }, { kind: 'join', branches });
        return;
      }
    }
  }
}

/** The kernel function that a worker runs some time after an operation; null for none. */
function workBehind({ operation, arguments: { descriptor } }: ResolvedOperation): string | null {
  const closesRing = operation === 'close' && descriptor?.kind === 'register' && descriptor.holds === 'ring';
  return closesRing ? 'io_ring_exit_work' : null;
}
