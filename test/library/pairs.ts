import type { Program, ResolvedOperation, ResolvedStatement } from '../../src/litmus/index.ts';
import { deviceOf, hasFlag, wordOf } from '../../src/litmus/program/arguments.ts';
import { type Range, Ranges, wholeDevice } from './ranges.ts';

/** What can happen to a page of a device-DAX mapping while something else happens to it. */
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

/** What can happen to a block of a file while something else happens to it. */
export const FILE_MEETING = [
  'fault',
  'munmap',
  'mremap',
  'fork',
  'pin',
  'unpin',
  'truncate',
  'punch',
  'fsync',
  'reflink',
  'cow',
  'read',
  'write',
  'unlink',
] as const;

export type Meeting = (typeof MEETING)[number] | (typeof FILE_MEETING)[number];

/** Two of them on one page, and the unit that it is mapped in: `dontneed × pin`. */
export interface MeetingPair {
  /** Whether the page is a file's, or a device's own. */
  readonly isFile: boolean;
  readonly unit: number;
  readonly pair: string;
}

interface Use extends Range {
  readonly what: Meeting;
  /** Barriers that are passed only after it, and only before it. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const ANY_TIME = { before: [], after: [] } as const;

const ORDER: readonly Meeting[] = [...new Set<Meeting>([...MEETING, ...FILE_MEETING])];

/** The pair's name, the same whichever comes first. */
export function pairOf(one: Meeting, other: Meeting): string {
  return [one, other].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)).join(' × ');
}

/** The pairs that some execution of a test can have at the same time on the same page. */
export function meetingPairs(program: Program): readonly MeetingPair[] {
  return new Meetings(program).all();
}

class Meetings {
  private readonly program: Program;
  private readonly ranges: Ranges;
  /** Files that share their blocks, as far as the look has come. */
  private readonly shared = new Set<string>();
  private readonly found = new Map<string, MeetingPair>();

  constructor(program: Program) {
    this.program = program;
    this.ranges = new Ranges(program);
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
      if (statement.kind === 'operation') this.noteSharing(statement);
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
    if (one.whole.name !== other.whole.name || one.end <= other.start || other.end <= one.start) return;
    if (meets(one.before, other.after) || meets(one.after, other.before)) return;
    const { isFile, unit } = one.whole;
    const pair = { isFile, unit, pair: pairOf(one.what, other.what) };
    this.found.set(`${isFile} ${unit} ${pair.pair}`, pair);
  }

  private noteSharing(operation: ResolvedOperation): void {
    if (operation.operation !== 'reflink') return;
    for (const name of ['file', 'clone']) {
      const range = this.ranges.ofRegister(operation, name);
      if (range !== undefined) this.shared.add(range.whole.name);
    }
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
        : [{ what: 'unbind', whole: wholeDevice(device), start: 0, end: device.size, ...ANY_TIME }];
    }
    const what = meetingOf(operation);
    const range = what === null ? undefined : this.ranges.of(operation);
    if (what === null || range === undefined) return [];
    const isCopy = operation.operation === 'store' && this.shared.has(range.whole.name);
    return [{ what: isCopy ? 'cow' : what, ...range, ...ANY_TIME }];
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
    case 'ftruncate':
      return 'truncate';
    case 'fallocate':
      return wordOf(operation, 'mode') === 'punch' ? 'punch' : null;
    case 'munmap':
    case 'mprotect':
    case 'mremap':
    case 'get':
    case 'unpin':
    case 'pagemap':
    case 'punch':
    case 'fsync':
    case 'reflink':
    case 'read':
    case 'write':
    case 'unlink':
      return operation.operation;
    default:
      return null;
  }
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
