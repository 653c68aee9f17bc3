import type { Program, ResolvedOperation, ResolvedStatement } from '../../src/litmus/index.ts';
import { deviceOf, registerOf, textOf } from '../../src/litmus/program/arguments.ts';

const HUGE_PAGE = 2 ** 21;

/** What has pages: a device-DAX device, or a file by its name. */
export interface Whole {
  /** The same for two ranges of the same pages. */
  readonly name: string;
  readonly isFile: boolean;
  /** The unit that it is mapped in: a device's alignment, 2 MiB for a file that is created as large as that. */
  readonly unit: number;
}

/** Bytes of something that has pages, in whole units. */
export interface Range {
  readonly whole: Whole;
  readonly start: number;
  readonly end: number;
}

/** What the registers and operations of a test are about. */
export class Ranges {
  private readonly program: Program;
  private readonly registers = new Map<string, Range>();
  private readonly units = new Map<string, number>();

  constructor(program: Program) {
    this.program = program;
    for (const { body } of program.threads) this.noteUnits(body);
    for (const { body } of program.threads) this.noteRegisters(body);
  }

  /** What an operation is about: those of its own mapping, file or pin, or a part of them. */
  of(operation: ResolvedOperation): Range | undefined {
    const offset = constantOf(operation, 'offset');
    const length = constantOf(operation, 'length');
    const device = this.program.devices[deviceOf(operation, 'target') ?? -1];
    if (device !== undefined) return inUnits(wholeDevice(device), offset ?? 0, length ?? 0);
    const mapped = this.ofRegister(operation, 'target');
    if (mapped !== undefined) return inUnits(mapped.whole, offset ?? 0, length ?? 0);
    const name = textOf(operation, 'name');
    if (name !== null) return this.ofFile(operation, name);
    const whole = ['mapping', 'pin', 'file'].map((name) => this.ofRegister(operation, name)).find(isThere);
    if (whole === undefined || offset === null || operation.operation === 'mremap') return whole;
    return inUnits(whole.whole, whole.start + offset, length ?? 1);
  }

  /** The range that a register stands for, which a child has from its parent. */
  ofRegister(operation: ResolvedOperation, name: string): Range | undefined {
    const register = registerOf(operation, name);
    for (let process = register?.process ?? null; process !== null; ) {
      const range = this.registers.get(`${process}.${register?.slot}`);
      if (range !== undefined) return range;
      process = this.program.processes[process]?.parent ?? null;
    }
    return undefined;
  }

  private ofFile(operation: ResolvedOperation, path: string): Range {
    const name = this.nameOf(operation, path);
    const whole = { name, isFile: true, unit: this.units.get(name) ?? 4096 };
    return { whole, start: 0, end: Number.POSITIVE_INFINITY };
  }

  private nameOf(operation: ResolvedOperation, path: string): string {
    return `${this.program.devices[deviceOf(operation, 'device') ?? -1]?.name}/${path}`;
  }

  private noteUnits(body: readonly ResolvedStatement[]): void {
    for (const statement of body) {
      if (statement.kind === 'repeat') this.noteUnits(statement.body);
      if (statement.kind !== 'operation') continue;
      const path = textOf(statement, 'name');
      const size = constantOf(statement, 'size') ?? 0;
      if (path !== null && size >= HUGE_PAGE) this.units.set(this.nameOf(statement, path), HUGE_PAGE);
    }
  }

  private noteRegisters(body: readonly ResolvedStatement[]): void {
    for (const statement of body) {
      if (statement.kind === 'repeat') this.noteRegisters(statement.body);
      if (statement.kind !== 'operation' || statement.register === null) continue;
      const { process, slot } = statement.register;
      const range = this.of(statement);
      if (range !== undefined) this.registers.set(`${process}.${slot}`, range);
    }
  }
}

/** All of a device. */
export function wholeDevice({ name, align }: { readonly name: string; readonly align: number }): Whole {
  return { name, isFile: false, unit: align };
}

/** The units that some bytes are in. */
function inUnits(whole: Whole, start: number, length: number): Range {
  const { unit } = whole;
  return { whole, start: start - (start % unit), end: Math.ceil((start + length) / unit) * unit };
}

function constantOf(operation: ResolvedOperation, name: string): number | null {
  const argument = operation.arguments[name];
  return argument?.kind === 'number' ? argument.constant : null;
}

function isThere(range: Range | undefined): range is Range {
  return range !== undefined;
}
