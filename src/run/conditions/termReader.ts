import { dev_dax, dev_pagemap } from '../../kernel/state/dax.ts';
import { inode } from '../../kernel/state/inode.ts';
import type { Pfn } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import { evaluate } from '../../litmus/expressions/evaluate.ts';
import type {
  EntryField,
  EvaluationFailure,
  PageField,
  Program,
  ResolvedExpression,
  Scheme,
  Term,
} from '../../litmus/index.ts';
import { idleRefcount } from '../../litmus/vocabulary/idle.ts';
import type { Memory } from '../../machine/memory.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import { frameOf, hasFlag } from '../observe/entry.ts';
import { NOWHERE } from '../observe/layout.ts';
import type { Observer } from '../observe/observer.ts';
import { leafAt } from '../observe/pageTable.ts';
import { pagesOfEntry } from '../observe/tableMap.ts';
import { process } from '../state/process.ts';
import type { Registers } from '../state/registers.ts';

export interface TermReaderParts {
  readonly program: Program;
  readonly scheme: Scheme;
  readonly memory: Memory;
  readonly registers: Registers;
  readonly observer: Observer;
}

/** Name of an inode that has lost it. */
const UNLINKED = 0;

/** What has no value: a count of a page without a struct page, the page of an entry that is not there. */
const NONE = -1;

/** Answers the terms of conditions and arguments from the machine as it stands. */
export class TermReader {
  private readonly parts: TermReaderParts;

  constructor(parts: TermReaderParts) {
    this.parts = parts;
  }

  /** The value of a term. A register that was never set equals nothing (it is not a number). */
  readonly lookup = (term: Term): number | EvaluationFailure => {
    const { program, scheme, memory, registers, observer } = this.parts;
    switch (term.kind) {
      case 'idle':
        return idleRefcount(scheme, program.devices[term.device]?.kind ?? 'devdax');
      case 'page':
        return this.at(term.index, (index) => this.pageField(term.device, index, term.field));
      case 'filePage':
        return this.at(term.index, (index) => this.filePageField(term, index));
      case 'entry':
        return this.at(term.index, (index) => this.entryField(term, index));
      case 'pgmap':
        return term.field === 'ref'
          ? observer.pgmaps.referencesHeld(term.device)
          : memory.of(dev_pagemap).dying.get(term.device);
      case 'device':
        return term.field === 'bound'
          ? memory.of(dev_dax).bound.get(term.device)
          : memory.of(dev_dax).nr_pages.get(term.device) * PAGE_SIZE;
      case 'register':
        return registers.isSet(term.register) ? registers.valueOf(term.register) : Number.NaN;
    }
  };

  private at(index: ResolvedExpression, read: (index: number) => number): number | EvaluationFailure {
    const value = evaluate(index, this.lookup);
    return typeof value === 'number' ? read(value) : value;
  }

  private pageField(device: number, index: number, field: PageField): number {
    const extent = this.parts.observer.layout.extents[device];
    if (extent === undefined || !(index >= 0 && index < extent.frames)) return NONE;
    return this.frameField(extent.firstFrame + index, field);
  }

  /** A file goes by what its register was opened as, also when that is closed; until the file itself is gone. */
  private filePageField(term: Extract<Term, { kind: 'filePage' }>, index: number): number {
    const { memory, registers, observer } = this.parts;
    const { inode: file, name } = registers.read(term.file);
    const { i_sb, name: names } = memory.of(inode);
    const isThere = file !== 0 && i_sb.get(file) !== 0 && [name, UNLINKED].includes(names.get(file));
    const pfn = isThere ? observer.files.blockAt(file, index).pfn : NOWHERE;
    if (term.field === 'present') return pfn === NOWHERE ? 0 : 1;
    return pfn === NOWHERE ? NONE : this.frameField(pfn, term.field);
  }

  private frameField(pfn: Pfn, field: PageField): number {
    const { memory, observer } = this.parts;
    const { layout, folios, holders } = observer;
    if (!folios.hasMemmap(pfn)) return NONE;
    const fields = memory.of(page);
    const head = folios.headOf(pfn);
    switch (field) {
      case 'refcount':
        return fields._refcount.get(head);
      case 'mapcount':
        return folios.mapcountOf(head);
      case 'order':
        return fields.order.get(head);
      case 'pincount':
        return fields.order.get(head) === 0
          ? holders.pinsOf(layout.unitOf(head))
          : fields._pincount.get(head);
    }
  }

  private entryField(term: Extract<Term, { kind: 'entry' }>, index: number): number {
    const { memory, registers, observer } = this.parts;
    const mapping = registers.read(term.mapping);
    const address = mapping.address / PAGE_SIZE + index;
    const mm = memory.of(process).mm.get(term.mapping.process);
    const leaf = mapping.length === 0 ? null : leafAt(memory, mm, address);
    if (leaf === null) return term.field === 'page' ? NONE : 0;
    switch (term.field) {
      case 'level':
        return leaf.level;
      case 'page': {
        const frame = frameOf(leaf.entry) + (address % pagesOfEntry(leaf.level));
        if (observer.layout.isMemory(frame)) return NONE;
        return frame - (observer.layout.extents[mapping.device]?.firstFrame ?? 0);
      }
      default:
        return hasFlag(leaf.entry, bitOf(term.field)) ? 1 : 0;
    }
  }
}

function bitOf(field: Exclude<EntryField, 'level' | 'page'>): typeof field {
  return field;
}
