import type { Barrier, Process, Program, Register, Thread } from '../program/program.ts';
import { type Diagnostic, inSourceOrder } from '../source/diagnostic.ts';
import type { LitmusFile } from '../syntax/ast.ts';
import { resolveConditions, resolveHazards } from './conditions.ts';
import { checkCrashes } from './crash.ts';
import { resolveDevices } from './devices.ts';
import { fileNamesOf } from './fileNames.ts';
import { NameTable } from './names.ts';
import { type Outline, outlineOf, type ProcessDraft, type ThreadDraft } from './outline.ts';
import { Report } from './report.ts';
import type { Scope } from './scope.ts';
import { resolveBody } from './statements.ts';

export type Resolution =
  | { readonly program: Program }
  /** In the order of the source; never empty. */
  | { readonly errors: readonly Diagnostic[] };

/** Gives every name of a parsed test its meaning, and checks what the grammar alone cannot. */
export function resolve(file: LitmusFile, fileName: string): Resolution {
  const report = new Report();
  const names = new NameTable();
  const devices = resolveDevices(file.items, names, report);
  const outline = outlineOf(file.items, devices, names, report);
  const scopeIn = (process: ProcessDraft | null): Scope => ({ devices, outline, process, report });
  const threads = outline.threads.map((thread) => finishThread(thread, scopeIn(thread.process)));
  const processes = outline.processes.map((process) => finishProcess(process, threads));
  checkCrashes({ devices, processes, threads }, report);
  const program: Program = {
    fileName,
    name: file.name.name,
    description: file.description?.value ?? '',
    devices,
    fileNames: fileNamesOf(threads),
    processes,
    threads,
    barriers: barriersOf(outline),
    conditions: resolveConditions(file.items, scopeIn(null)),
    hazards: resolveHazards(file.items, scopeIn(null)),
  };
  return report.errors.length === 0 ? { program } : { errors: inSourceOrder(report.errors) };
}

function finishThread(draft: ThreadDraft, scope: Scope): Thread {
  const { index, name, main, span } = draft;
  const process = draft.process.index;
  const parent = draft.parent?.index ?? null;
  return { index, name, process, parent, main, body: resolveBody(draft.body, scope), span };
}

function finishProcess(draft: ProcessDraft, threads: readonly Thread[]): Process {
  const { index, name, mainThread, span } = draft;
  const registers = [...draft.registers.values()].map(
    (register): Register => ({
      name: register.name,
      kind: register.kind ?? 'number',
      setHere: register.setHere,
    }),
  );
  const body = threads[mainThread]?.body ?? [];
  return { index, name, parent: draft.parent?.index ?? null, mainThread, body, registers, span };
}

function barriersOf(outline: Outline): readonly Barrier[] {
  return [...outline.barriers.values()].map(({ index, name, participants }) => ({
    index,
    name,
    participants: [...participants],
  }));
}
