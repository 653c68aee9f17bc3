import type { PropertyName, Scheme } from '../../litmus/index.ts';
import type { Field } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';
import { PRIVATE_STRIDE } from '../../machine/primitives/own.ts';
import { SlabMemory } from '../../machine/slabMemory.ts';
import type { Actor, ActorNames } from '../../run/observe/actor.ts';
import { BlockWatch } from '../../run/observe/blockWatch.ts';
import { ChangeLog } from '../../run/observe/changeLog.ts';
import { EntryWatch } from '../../run/observe/entryWatch.ts';
import { FileMap } from '../../run/observe/fileMap.ts';
import { FolioReader } from '../../run/observe/folioReader.ts';
import { FolioWatch } from '../../run/observe/folioWatch.ts';
import { propertyNumber } from '../../run/observe/judge.ts';
import type { Layout, Unit } from '../../run/observe/layout.ts';
import { Observer } from '../../run/observe/observer.ts';
import type { PageHolders } from '../../run/observe/pageHolders.ts';
import { PgmapWatch } from '../../run/observe/pgmapWatch.ts';
import { StaleReferences } from '../../run/observe/staleReferences.ts';
import type { TableMap } from '../../run/observe/tableMap.ts';
import { Trail } from '../../run/observe/trail.ts';
import { TranslationWatch } from '../../run/observe/translationWatch.ts';
import type { UnitWords } from '../../run/observe/unitWords.ts';
import { VmaFinder } from '../../run/observe/vmaFinder.ts';
import type { SharedMemory } from '../machine/sharedMemory.ts';
import { HolderScan } from './holderScan.ts';
import { StepJudge } from './stepJudge.ts';
import { pgmapKnowledge, TableMapInMemory, UnitWordsInMemory } from './watchedState.ts';
import { test_hazard, test_trail } from './watchedWords.ts';

export interface StateObserverOptions {
  readonly memory: SharedMemory;
  readonly cpus: number;
  readonly layout: Layout;
  readonly scheme: Scheme;
  readonly names: ActorNames;
  readonly pageHolders: PageHolders;
  readonly isDeclared: (property: PropertyName) => boolean;
  /** Whether an execution goes on when the property is broken. */
  readonly isPassedOver: (property: PropertyName) => boolean;
}

/** Nobody asks a state who changed what on the way to it: only what the operation under way is at. */
class StateTrail extends Trail {
  private readonly unit: Field;
  private stepping = 0;

  constructor(words: UnitWords, memory: Memory) {
    super(words);
    this.unit = memory.of(test_trail).unit;
  }

  override resume(thread: number, actor: Actor): void {
    super.resume(thread, actor);
    this.stepping = thread;
  }

  override get lastUnit(): Unit {
    return this.unit.get(this.stepping * PRIVATE_STRIDE) - 1;
  }

  override missed(unit: Unit): void {
    this.unit.set(this.stepping * PRIVATE_STRIDE, unit + 1);
  }

  override touch(unit: Unit): void {
    this.missed(unit);
  }
}

class NoChanges extends ChangeLog {
  override addRefcount(): void {}
  override addMapcount(): void {}
  override addOther(): void {}
}

class StateEntryWatch extends EntryWatch {
  override readonly tables: TableMap;
  override readonly vmas: VmaFinder;

  constructor(parts: ConstructorParameters<typeof EntryWatch>[0]) {
    super(parts);
    this.vmas = new VmaFinder(parts.memory);
    this.tables = new TableMapInMemory(parts.memory);
  }
}

/**
 * A run's observer for a machine that goes from state to state: the same watches and judgements, with all that they
 * remember in words of the memory. The observer that it stands in for watches a memory of its own, which nobody uses.
 */
export class StateObserver extends Observer {
  override readonly trail: Trail;
  override readonly judge: StepJudge;
  override readonly folios: FolioReader;
  override readonly pgmaps: PgmapWatch;
  override readonly holders: HolderScan;
  override readonly translations: TranslationWatch;
  override readonly entries: EntryWatch;
  override readonly files: FileMap;
  private readonly blocks: BlockWatch | undefined;

  constructor(options: StateObserverOptions) {
    super({ ...options, memory: new SlabMemory() });
    const { memory, cpus, layout, scheme, names, isDeclared, isPassedOver } = options;
    const words = new UnitWordsInMemory(memory);
    const hazards = memory.of(test_hazard).seen;
    const seen = (property: PropertyName): void =>
      memory.recorder.unobserved(() => hazards.set(propertyNumber(property), 1));
    const trail = new StateTrail(words, memory);
    const files = new FileMap(memory, layout);
    const judge = new StepJudge({ layout, words, files, names, isDeclared, isPassedOver, seen });
    const folios = new FolioReader(memory, layout, words, files, scheme);
    const stale = layout.hasFiles ? new StaleReferences(memory) : undefined;
    const known = pgmapKnowledge(memory, layout);
    const noChanges = new NoChanges(words);
    this.trail = trail;
    this.judge = judge;
    this.folios = folios;
    this.files = files;
    const parts = { memory, cpus, layout, words, folios, files, trail, judge, scheme };
    this.pgmaps = new PgmapWatch({ ...parts, known });
    this.holders = new HolderScan({ ...parts, pgmaps: this.pgmaps, stale });
    this.translations = new TranslationWatch(parts);
    this.entries = new StateEntryWatch({ ...parts, removerOf: (pfn) => this.pgmaps.removerOf(pfn) });
    new FolioWatch({ ...parts, changes: () => noChanges });
    this.blocks =
      stale === undefined ? undefined : new BlockWatch({ ...parts, stale, vmas: this.entries.vmas });
  }

  /** A search finds endless executions by their states. */
  override faulted(): void {}

  override retried(): void {}

  override catchUp(): void {
    this.blocks?.catchUp();
  }
}
