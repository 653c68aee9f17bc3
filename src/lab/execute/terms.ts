import type { EntryField, EvaluationFailure, Program, Scheme, Span, Term } from '../../litmus/index.ts';
import { evaluate, idleRefcount } from '../../litmus/index.ts';
import type { TestFiles } from './files/testFiles.ts';
import type { EntryView, FolioView, PageReader } from './pageReader.ts';
import type { PageWatch } from './pageWatch.ts';
import type { Registers } from './registers.ts';

/** A term that a real kernel does not show: what depends on it is not judged. */
export interface Unobservable extends EvaluationFailure {
  readonly unobservable: true;
}

export function isUnobservable(failure: EvaluationFailure): failure is Unobservable {
  return 'unobservable' in failure;
}

export interface TermSources {
  readonly program: Program;
  readonly scheme: Scheme;
  readonly registers: Registers;
  readonly watch: PageWatch;
  readonly files: TestFiles;
  readonly reader: PageReader;
  /** Page of a device that is in a frame, -1 for none; bytes of a device; whether its driver holds it. */
  readonly pageAt: (device: number, frame: number) => number;
  readonly bytesOf: (device: number) => number;
  readonly isBound: (device: number) => boolean;
  /** The process id of a process; undefined while it does not run. */
  readonly idOf: (process: number) => number | undefined;
}

const PAGE = 4096;

/** What has no value: a count of a page without a struct page, the page of an entry that is not there. */
const NONE = -1;

/**
 * The value of a term, as the kernel has it now. Pages of a device with files are not compared by their places: every kernel
 * puts files elsewhere.
 */
export function valueOfTerm(term: Term, sources: TermSources): number | EvaluationFailure {
  const { program, scheme, registers, watch } = sources;
  switch (term.kind) {
    case 'idle':
      return idleRefcount(scheme, program.devices[term.device]?.kind ?? 'devdax');
    case 'page':
      if (program.devices[term.device]?.kind === 'fsdax') return unobservable(term.span);
      return withIndex(term.index, sources, (index) => {
        const pages = (program.devices[term.device]?.size ?? 0) / PAGE;
        const folio = index >= 0 && index < pages ? watch.folio(term.device, index) : undefined;
        return folio === undefined ? NONE : folio[term.field];
      });
    case 'entry':
      return withIndex(term.index, sources, (index) => entryField(term, index, sources));
    case 'device':
      return term.field === 'bound' ? Number(sources.isBound(term.device)) : sources.bytesOf(term.device);
    case 'register':
      return registers.read(term.register)?.value ?? Number.NaN;
    case 'filePage':
      return withIndex(term.index, sources, (index) => filePageField(term, index, sources));
    case 'pgmap':
      return unobservable(term.span);
  }
}

function unobservable(span: Span): Unobservable {
  return { message: 'a real kernel does not show this', span, unobservable: true };
}

function withIndex(
  index: Extract<Term, { kind: 'page' }>['index'],
  sources: TermSources,
  read: (index: number) => number,
): number | EvaluationFailure {
  const value = evaluate(index, (term) => valueOfTerm(term, sources));
  return typeof value === 'number' ? read(value) : value;
}

function entryField(term: Extract<Term, { kind: 'entry' }>, index: number, sources: TermSources): number {
  const mapping = sources.registers.read(term.mapping);
  const id = sources.idOf(term.mapping.process);
  const entry =
    mapping?.kind === 'mapping' && id !== undefined
      ? sources.reader.entry(id, mapping.address + index * PAGE)
      : undefined;
  if (entry === undefined || mapping?.kind !== 'mapping') return term.field === 'page' ? NONE : 0;
  if (term.field === 'page') return sources.pageAt(mapping.device, entry.frame);
  return fieldOf(entry, term.field);
}

/** Of a hole the only value is that it is one. */
function filePageField(
  { file, field }: Extract<Term, { kind: 'filePage' }>,
  index: number,
  { registers, files, watch }: TermSources,
): number {
  const content = registers.read(file);
  const held = content?.kind === 'held' && content.held.kind === 'file' ? content.held : undefined;
  const page = held === undefined ? null : files.pageOf(held.file, index);
  if (field === 'present') return Number(page !== null);
  const folio = page === null || held === undefined ? undefined : watch.folio(held.device, page);
  return folio === undefined ? NONE : folio[field];
}

function fieldOf(entry: EntryView, field: Exclude<EntryField, 'page'>): number {
  switch (field) {
    case 'level':
      return entry.level;
    case 'soft_dirty':
      return Number(entry.softDirty);
    case 'saved_dirty':
      return Number(entry.savedDirty);
    default:
      return Number(entry[field]);
  }
}

/** For messages: a folio's counts. */
export function folioText({ refcount, mapcount, pincount, order }: FolioView): string {
  return `refcount ${refcount}, mapcount ${mapcount}, pincount ${pincount}, order ${order}`;
}
