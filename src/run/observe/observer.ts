import type { InodeId, Pfn } from '../../kernel/state/numbers.ts';
import type { PropertyName, Scheme } from '../../litmus/index.ts';
import type { Cpu } from '../../machine/brand.ts';
import type { MachineObserver } from '../../machine/machine.ts';
import type { Memory } from '../../machine/memory.ts';
import { leakedFile } from '../properties/leak.ts';
import { cachedOnly, type PromisedFile, unknownToMedium } from '../properties/lostDirty.ts';
import { type Actor, type ActorNames, NOBODY } from './actor.ts';
import { ChangeLog } from './changeLog.ts';
import { Repetitions } from './endless.ts';
import { EntryWatch } from './entryWatch.ts';
import { type FileMap, RememberingFileMap } from './fileMap.ts';
import { FileWatch } from './fileWatch.ts';
import { FolioReader } from './folioReader.ts';
import { FolioWatch } from './folioWatch.ts';
import { HolderWatch } from './holderWatch.ts';
import { Judge } from './judge.ts';
import { type Layout, NOWHERE } from './layout.ts';
import type { PageHolders } from './pageHolders.ts';
import { PgmapWatch } from './pgmapWatch.ts';
import { judgeLeaks, judgeSettled } from './settling.ts';
import { StaleReferences } from './staleReferences.ts';
import { Trail } from './trail.ts';
import { TranslationWatch } from './translationWatch.ts';
import { LAST_ACTOR, UnitWords } from './unitWords.ts';

export interface ObserverOptions {
  readonly memory: Memory;
  readonly cpus: number;
  readonly layout: Layout;
  readonly scheme: Scheme;
  readonly names: ActorNames;
  readonly pageHolders: PageHolders;
  /** Whether the test declares that the kernel breaks the property. */
  readonly isDeclared: (property: PropertyName) => boolean;
}

/** A thread as the observer knows it. */
export interface ObservedThread {
  readonly index: number;
  readonly changes: ChangeLog;
  /** Whether its changes so far stand in a step; else they go to its next one. */
  isReported: boolean;
}

/**
 * Watches a run from outside the kernel. It knows what is really there (entries, translations, references held, owners),
 * which the kernel's counts are then held against; and it notes what each operation changes.
 */
export class Observer implements MachineObserver {
  readonly layout: Layout;
  readonly trail: Trail;
  readonly judge: Judge;
  readonly folios: FolioReader;
  readonly pgmaps: PgmapWatch;
  readonly holders: HolderWatch;
  readonly translations: TranslationWatch;
  readonly entries: EntryWatch;
  /** Which file has which block. */
  readonly files: FileMap;
  /** Takes the changes of whoever takes the current step. */
  changes: ChangeLog;
  private readonly words = new UnitWords();
  /** What operations do again and again. */
  readonly repetitions: Repetitions = new Repetitions();
  readonly pageHolders: PageHolders;
  /** Undefined where no device has files. */
  private readonly fileWatch: FileWatch | undefined;

  constructor({ memory, cpus, layout, scheme, names, pageHolders, isDeclared }: ObserverOptions) {
    const { words } = this;
    this.layout = layout;
    this.pageHolders = pageHolders;
    this.changes = new ChangeLog(words);
    const trail = new Trail(words);
    const files = new RememberingFileMap(memory, layout);
    const judge = new Judge({ layout, words, files, names, isDeclared });
    const folios = new FolioReader(memory, layout, words, files, scheme);
    const stale = layout.hasFiles ? new StaleReferences(memory) : undefined;
    this.trail = trail;
    this.judge = judge;
    this.folios = folios;
    this.files = files;
    this.pgmaps = new PgmapWatch({ memory, layout, words, folios, trail, judge });
    this.holders = new HolderWatch({
      memory,
      layout,
      words,
      trail,
      judge,
      pgmaps: this.pgmaps,
      files,
      stale,
    });
    this.translations = new TranslationWatch({ memory, cpus, layout, words, folios, judge });
    this.entries = new EntryWatch({
      memory,
      layout,
      words,
      trail,
      judge,
      scheme,
      files,
      mapped: (page) => this.fileWatch?.mapped(page),
      removerOf: (pfn) => this.pgmaps.removerOf(pfn),
    });
    if (stale !== undefined) {
      const { vmas } = this.entries;
      const parts = { memory, layout, scheme, files, words, folios, stale, trail, judge, vmas };
      this.fileWatch = new FileWatch(parts);
    }
    new FolioWatch({ memory, layout, words, folios, trail, judge, changes: () => this.changes });
  }

  /** A thread begins an operation, whose serial number counts from 1. */
  begin(state: ObservedThread, actor: Actor, operation: number): void {
    this.trail.begin(state.index, actor);
    this.repetitions.begin(state.index);
    if (state.isReported) state.changes.begin(operation);
    state.isReported = false;
  }

  /** A thread takes the next step of its operation. */
  resume(state: ObservedThread, actor: Actor): void {
    this.catchUp();
    this.trail.resume(state.index, actor);
    this.changes = state.changes;
  }

  /** The last step is over: what it did to files is noticed before another one is taken. */
  catchUp(): void {
    this.fileWatch?.catchUp();
  }

  /** A log for the changes of another thread. */
  newChangeLog(): ChangeLog {
    return new ChangeLog(this.words);
  }

  /** One that names no page is passed over where the operation is at a page that is not judged any more. */
  warning(_cpu: Cpu, text: string, pfn?: Pfn): void {
    const { judge, trail } = this;
    if (pfn !== undefined) {
      judge.ofPage('kernel-warning', pfn, `${text}${this.pageHolders.textOf(pfn)}`, this.actorsAt(pfn));
    } else if (trail.lastUnit === NOWHERE || !judge.isSpared(trail.lastUnit))
      judge.ofMachine('kernel-warning', text, judge.describe([trail.actor]));
  }

  /** @throws {Endless} where an operation cannot come to its end */
  faulted(cpu: Cpu, vaddr: number): void {
    this.repetitions.faulted(cpu, vaddr);
  }

  /** @throws {Endless} where an operation cannot come to its end */
  retried(cpu: Cpu): void {
    this.repetitions.retried(cpu);
  }

  translated(_cpu: Cpu, _vaddr: number, entry: number): void {
    this.translations.used(entry);
  }

  /** What somebody is just taking away from a file is nothing that it was promised to keep. */
  promiseBroken(_cpu: Cpu, pfn: Pfn): void {
    const isBeingCut = this.files.ownersOf(pfn).some(({ file }) => this.files.isBeingCut(file));
    if (!isBeingCut) this.judge.ofPage('lost-dirty', pfn, cachedOnly(), this.actorsAt(pfn));
  }

  /** A system call has returned that promised to make a file durable, which was so when it began. */
  promised(file: InodeId, promise: PromisedFile): void {
    const { files, judge, trail } = this;
    if (files.isBeingCut(file)) return;
    const lost = unknownToMedium(promise, files.kept(file));
    if (lost === null) return;
    const { pfn } = lost.index === null ? { pfn: NOWHERE } : files.blockAt(file, lost.index);
    if (pfn === NOWHERE)
      judge.ofMachine('lost-dirty', `${files.nameOf(file)}: ${lost.message}`, judge.describe([trail.actor]));
    else judge.ofPage('lost-dirty', pfn, lost.message, this.actorsAt(pfn));
  }

  /** Who acts, and who touched a page of a device last. */
  private actorsAt(pfn: Pfn): readonly Actor[] {
    const unit = this.layout.unitOf(pfn);
    return [this.trail.actor, unit === NOWHERE ? NOBODY : this.words.get(unit, LAST_ACTOR)];
  }

  /** Judges what has to hold while no thread is inside an operation. */
  settle(): void {
    this.catchUp();
    this.holders.settle();
    const units = this.trail.takeUnsettled();
    judgeSettled(units, this);
    this.fileWatch?.settle(units);
    this.pgmaps.settle();
  }

  /** Judges what has to hold after the last process exited. */
  end(): void {
    this.settle();
    for (const { firstUnit, endUnit } of this.layout.extents) {
      judgeLeaks(this.words.unitsWith(LAST_ACTOR, firstUnit, endUnit), this);
    }
    for (const file of this.files.unlinked()) {
      this.judge.ofMachine('leak', leakedFile(this.files.nameOf(file)), []);
    }
  }
}
