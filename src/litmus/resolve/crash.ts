import type { Device, Process, Register, Thread } from '../program/program.ts';
import type { ResolvedOperation, ResolvedRow, ResolvedStatement } from '../program/statement.ts';
import { KIND_TEXTS } from './kinds.ts';
import type { Report } from './report.ts';

export interface CrashParts {
  readonly devices: readonly Device[];
  readonly processes: readonly Process[];
  readonly threads: readonly Thread[];
}

/**
 * A power loss ends everything that runs, is open, mapped or pinned. So that the test can go on behind it, crash()
 * stands where nobody else runs, and what was mapped or held before is not used afterwards. Files are opened again.
 */
export function checkCrashes({ devices, processes, threads }: CrashParts, report: Report): void {
  const crashes = threads.flatMap((thread) =>
    operationsIn(thread.body)
      .filter(({ operation }) => operation === 'crash')
      .map((call) => ({ thread, call })),
  );
  const [first] = crashes;
  if (first === undefined) return;
  const isOnlyProcess = processes.filter(({ parent }) => parent === null).length === 1;
  for (const { thread, call } of crashes) {
    if (!devices.some(({ kind }) => kind === 'fsdax')) {
      report.error(call.span, 'crash() without a file system', 'declare one: device d = fsdax(size=64M)');
    } else if (thread.parent !== null) {
      const hint = 'a power loss ends all threads: write it in the body of the process, behind the row';
      report.error(call.span, `crash() in '${thread.name}', beside other threads`, hint);
    } else if (!isOnlyProcess) {
      const hint = 'a power loss ends all processes: fork them from one, which crashes when they are gone';
      report.error(call.span, 'crash() in a test with several processes', hint);
    }
  }
  const { process, body } = first.thread;
  new LostRegisters(threads, processes[process]?.registers ?? [], report).visit(body);
}

/** Follows which registers hold what a power loss took away. */
class LostRegisters {
  private readonly threads: readonly Thread[];
  private readonly registers: readonly Register[];
  private readonly report: Report;
  private readonly said = new Set<number>();
  private set = new Set<number>();
  private lost = new Set<number>();

  constructor(threads: readonly Thread[], registers: readonly Register[], report: Report) {
    this.threads = threads;
    this.registers = registers;
    this.report = report;
  }

  visit(body: readonly ResolvedStatement[]): void {
    for (const statement of body) {
      switch (statement.kind) {
        case 'operation':
          this.operation(statement);
          break;
        case 'repeat':
          this.visit(statement.body);
          // What stands behind crash() in the first round comes before it in the second.
          if (operationsIn(statement.body).some(({ operation }) => operation === 'crash')) {
            this.visit(statement.body);
          }
          break;
        case 'row':
          this.row(statement);
          break;
        case 'assert':
          break;
      }
    }
  }

  private operation({ operation, reads, register, span }: ResolvedOperation): void {
    if (operation === 'crash') {
      this.lost = new Set([...this.set].filter((slot) => this.registers[slot]?.kind !== 'file'));
    }
    for (const { register: read, use } of reads) {
      if (use === 'handle' && this.lost.has(read.slot) && !this.said.has(span.offset)) {
        this.said.add(span.offset);
        const { name = '', kind = 'number' } = this.registers[read.slot] ?? {};
        const message = `'${name}' is from before crash(), which left nothing of it`;
        this.report.error(span, message, KIND_TEXTS[kind].again);
      }
    }
    if (register !== null) {
      this.set.add(register.slot);
      this.lost.delete(register.slot);
    }
  }

  /** Branches run side by side: none can rely on what another sets, unless it was there before. */
  private row({ branches }: ResolvedRow): void {
    const { set, lost } = this;
    const sets = new Set(set);
    const stillLost = new Set(lost);
    for (const { kind, thread } of branches) {
      this.set = new Set(set);
      this.lost = new Set(lost);
      this.visit(this.threads[thread]?.body ?? []);
      if (kind === 'fork') continue;
      for (const slot of this.set) sets.add(slot);
      for (const slot of lost) if (!this.lost.has(slot)) stillLost.delete(slot);
    }
    this.set = sets;
    this.lost = stillLost;
  }
}

/** The operations of a text; blocks within it are texts of their own. */
function operationsIn(body: readonly ResolvedStatement[]): readonly ResolvedOperation[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'operation') return [statement];
    return statement.kind === 'repeat' ? operationsIn(statement.body) : [];
  });
}
