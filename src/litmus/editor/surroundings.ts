import type { Device } from '../program/program.ts';
import { resolveDevices } from '../resolve/devices.ts';
import { NameTable } from '../resolve/names.ts';
import { type Outline, outlineOf, type ProcessDraft } from '../resolve/outline.ts';
import { Report } from '../resolve/report.ts';
import { endOf, type Span } from '../source/span.ts';
import type { LitmusFile, Statement } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';

/** What is declared in a test that may be half written, seen from one place in it. */
export interface Surroundings {
  readonly devices: readonly Device[];
  readonly outline: Outline;
  /** The process whose body the place is in, else null. */
  readonly process: ProcessDraft | null;
}

/** Looks around from an offset; whatever is wrong with the test is passed over. */
export function surroundingsOf(source: string, offset: number): Surroundings {
  const { file } = parse(source);
  const report = new Report();
  const names = new NameTable();
  const devices = resolveDevices(file.items, names, report);
  const outline = outlineOf(file.items, devices, names, report);
  const name = innermostProcess(file, offset);
  const process = outline.processes.find((candidate) => candidate.name === name) ?? null;
  return { devices, outline, process };
}

function innermostProcess(file: LitmusFile, offset: number): string | null {
  let innermost: string | null = null;
  const visit = (statement: Statement): void => {
    if (!('body' in statement) || !contains(statement.span, offset)) {
      return;
    }
    if (statement.kind === 'fork') {
      innermost = statement.name.name;
    }
    statement.body.statements.forEach(visit);
  };
  for (const item of file.items) {
    if (item.kind === 'process' && contains(item.span, offset)) {
      innermost = item.name.name;
      item.body.statements.forEach(visit);
    }
  }
  return innermost;
}

function contains(span: Span, offset: number): boolean {
  return offset >= span.offset && offset <= endOf(span);
}
