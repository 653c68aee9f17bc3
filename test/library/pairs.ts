import type { Device, Program, ResolvedOperation, ResolvedStatement } from '../../src/litmus/index.ts';
import { deviceOf, hasFlag, registerOf, wordOf } from '../../src/litmus/program/arguments.ts';

/** What can happen to a page of a mapping while something else happens to it. */
export const MEETING = [
  'fault',
  'munmap',
  'dontneed',
  'mprotect',
  'mremap',
  'fork',
  'exit',
  'pin',
  'longterm',
  'get',
  'unpin',
  'unbind',
  'pagemap',
] as const;

export type Meeting = (typeof MEETING)[number];

/** Two of them on one page, whose device has that alignment: `dontneed × pin`. */
export interface MeetingPair {
  readonly align: number;
  readonly pair: string;
}

/** A range of a device in bytes. */
interface Range {
  readonly device: Device;
  readonly start: number;
  readonly end: number;
}

interface Use extends Range {
  readonly what: Meeting;
  /** Barriers that are passed only after it, and only before it. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const ANY_TIME = { before: [], after: [] } as const;

/** The pair's name, the same whichever comes first. */
export function pairOf(one: Meeting, other: Meeting): string {
  return [one, other].sort((a, b) => MEETING.indexOf(a) - MEETING.indexOf(b)).join(' × ');
}

/** The pairs that some execution of a test can have at the same time on the same page. */
export function meetingPairs(program: Program): readonly MeetingPair[] {
  return new Meetings(program).all();
}

class Meetings {
  private readonly program: Program;
  private readonly ranges = new Map<string, Range>();
  private readonly found = new Map<string, MeetingPair>();

  constructor(program: Program) {
    this.program = program;
    for (const { body } of program.threads) this.noteRanges(body);
  }

  all(): readonly MeetingPair[] {
    const { threads, processes } = this.program;
    for (const { body } of threads) this.lookInRows(body);
    const blocks = processes.filter(({ parent }) => parent === null);
    blocks.forEach((one, index) => {
      for (const other of blocks.slice(index + 1)) this.cross(this.usesOf(one.body), this.usesOf(other.body));
    });
    return [...this.found.values()];
  }

  private lookInRows(body: readonly ResolvedStatement[]): void {
    for (const statement of body) {
      if (statement.kind === 'repeat') this.lookInRows(statement.body);
      if (statement.kind !== 'row') continue;
      const { branches } = statement;
      branches.forEach((one, index) => {
        for (const other of branches.slice(index + 1)) {
          this.cross(this.usesOfBranch(one.thread), this.usesOfBranch(other.thread));
        }
      });
    }
  }

  private cross(one: readonly Use[], other: readonly Use[]): void {
    for (const use of one) {
      for (const met of other) this.note(use, met);
    }
  }

  private note(one: Use, other: Use): void {
    if (one.device !== other.device || one.end <= other.start || other.end <= one.start) return;
    if (meets(one.before, other.after) || meets(one.after, other.before)) return;
    const pair = { align: one.device.align, pair: pairOf(one.what, other.what) };
    this.found.set(`${pair.align} ${pair.pair}`, pair);
  }

  private usesOf(body: readonly ResolvedStatement[]): Use[] {
    return body.flatMap((statement, position) =>
      this.usesOfStatement(statement).map((use) => ({
        ...use,
        before: [...use.before, ...barriersOf(body.slice(position + 1))],
        after: [...use.after, ...barriersOf(body.slice(0, position))],
      })),
    );
  }

  private usesOfStatement(statement: ResolvedStatement): readonly Use[] {
    switch (statement.kind) {
      case 'operation':
        return this.usesOfOperation(statement);
      case 'repeat':
        return this.usesOf(statement.body);
      case 'row':
        return statement.branches.flatMap(({ thread }) => [
          ...this.usesOfBranch(thread),
          ...this.forkOf(thread),
        ]);
      case 'assert':
        return [];
    }
  }

  /** What a thread does, or a child, up to its exit. */
  private usesOfBranch(thread: number): readonly Use[] {
    return [...this.usesOf(this.bodyOf(thread)), ...this.exitOf(thread)];
  }

  private usesOfOperation(operation: ResolvedOperation): Use[] {
    if (operation.operation === 'unbind') {
      const device = this.program.devices[deviceOf(operation, 'device') ?? -1];
      return device === undefined
        ? []
        : [{ what: 'unbind', device, start: 0, end: device.size, ...ANY_TIME }];
    }
    const what = meetingOf(operation);
    const range = what === null ? undefined : this.rangeOf(operation);
    return what === null || range === undefined ? [] : [{ what, ...range, ...ANY_TIME }];
  }

  /** The exit of a forked child from what it has touched; nothing for a thread. */
  private exitOf(thread: number): Use[] {
    const after = barriersOf(this.bodyOf(thread));
    return this.touchesOfChild(thread).map((touch) => ({ ...touch, what: 'exit', before: [], after }));
  }

  /** The fork of a child that touches something. */
  private forkOf(thread: number): Use[] {
    const before = barriersOf(this.bodyOf(thread));
    return this.touchesOfChild(thread).map((touch) => ({ ...touch, what: 'fork', before, after: [] }));
  }

  private touchesOfChild(thread: number): Use[] {
    const { threads, processes } = this.program;
    const isChild = processes.some(({ mainThread, parent }) => mainThread === thread && parent !== null);
    const uses = isChild ? this.usesOf(threads[thread]?.body ?? []) : [];
    return uses.filter(({ what }) => what === 'fault');
  }

  private bodyOf(thread: number): readonly ResolvedStatement[] {
    return this.program.threads[thread]?.body ?? [];
  }

  private noteRanges(body: readonly ResolvedStatement[]): void {
    for (const statement of body) {
      if (statement.kind === 'repeat') this.noteRanges(statement.body);
      if (statement.kind !== 'operation' || statement.register === null) continue;
      const { process, slot } = statement.register;
      const range = this.rangeOf(statement);
      if (range !== undefined) this.ranges.set(`${process}.${slot}`, range);
    }
  }

  /** Bytes of the device that an operation is about: those of its own mapping, pin, or part of a mapping. */
  private rangeOf(operation: ResolvedOperation): Range | undefined {
    const device = this.program.devices[deviceOf(operation, 'target') ?? -1];
    const offset = constantOf(operation, 'offset');
    const length = constantOf(operation, 'length');
    if (device !== undefined) return { device, start: offset ?? 0, end: (offset ?? 0) + (length ?? 0) };
    const whole = this.rangeOfRegister(operation);
    if (whole === undefined || offset === null || operation.operation === 'mremap') return whole;
    const start = whole.start + offset;
    return { ...whole, start, end: start + (length ?? 1) };
  }

  private rangeOfRegister(operation: ResolvedOperation): Range | undefined {
    const register = registerOf(operation, 'mapping') ?? registerOf(operation, 'pin');
    for (let process = register?.process ?? null; process !== null; ) {
      const range = this.ranges.get(`${process}.${register?.slot}`);
      if (range !== undefined) return range;
      process = this.program.processes[process]?.parent ?? null;
    }
    return undefined;
  }
}

function meetingOf(operation: ResolvedOperation): Meeting | null {
  switch (operation.operation) {
    case 'load':
    case 'store':
      return 'fault';
    case 'madvise':
      return wordOf(operation, 'advice') === 'DONTNEED' ? 'dontneed' : null;
    case 'pin':
      return hasFlag(operation, 'longterm') ? 'longterm' : 'pin';
    case 'munmap':
    case 'mprotect':
    case 'mremap':
    case 'get':
    case 'unpin':
    case 'pagemap':
      return operation.operation;
    default:
      return null;
  }
}

function constantOf(operation: ResolvedOperation, name: string): number | null {
  const argument = operation.arguments[name];
  return argument?.kind === 'number' ? argument.constant : null;
}

/** Barriers in the text of a body, in order. */
function barriersOf(body: readonly ResolvedStatement[]): readonly number[] {
  return body.flatMap((statement) => {
    const argument = statement.kind === 'operation' ? statement.arguments.name : undefined;
    return argument?.kind === 'barrier' ? [argument.barrier] : [];
  });
}

function meets(one: readonly number[], other: readonly number[]): boolean {
  return one.some((barrier) => other.includes(barrier));
}
