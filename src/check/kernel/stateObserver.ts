import type { PropertyName, Scheme } from '../../litmus/index.ts';
import { SlabMemory } from '../../machine/slabMemory.ts';
import type { ActorNames } from '../../run/observe/actor.ts';
import { ChangeLog } from '../../run/observe/changeLog.ts';
import { EntryWatch } from '../../run/observe/entryWatch.ts';
import { FolioReader } from '../../run/observe/folioReader.ts';
import { FolioWatch } from '../../run/observe/folioWatch.ts';
import type { Layout } from '../../run/observe/layout.ts';
import { Observer } from '../../run/observe/observer.ts';
import { PgmapWatch } from '../../run/observe/pgmapWatch.ts';
import type { TableMap } from '../../run/observe/tableMap.ts';
import { Trail } from '../../run/observe/trail.ts';
import { TranslationWatch } from '../../run/observe/translationWatch.ts';
import type { SharedMemory } from '../machine/sharedMemory.ts';
import { HolderScan } from './holderScan.ts';
import { propertyNumber, StepJudge } from './stepJudge.ts';
import { pgmapKnowledge, TableMapInMemory, UnitWordsInMemory } from './watchedState.ts';
import { test_hazard } from './watchedWords.ts';

export interface StateObserverOptions {
  readonly memory: SharedMemory;
  readonly cpus: number;
  readonly layout: Layout;
  readonly scheme: Scheme;
  readonly names: ActorNames;
  readonly isDeclared: (property: PropertyName) => boolean;
}

/** Nobody asks a state who changed what on the way to it. */
class NoTrail extends Trail {
  override touch(): void {}
}

class NoChanges extends ChangeLog {
  override addRefcount(): void {}
  override addMapcount(): void {}
  override addOther(): void {}
}

class StateEntryWatch extends EntryWatch {
  override readonly tables: TableMap;

  constructor(parts: ConstructorParameters<typeof EntryWatch>[0]) {
    super(parts);
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

  constructor(options: StateObserverOptions) {
    super({ ...options, memory: new SlabMemory() });
    const { memory, cpus, layout, scheme, names, isDeclared } = options;
    const words = new UnitWordsInMemory(memory);
    const hazards = memory.of(test_hazard).seen;
    const seen = (property: PropertyName): void =>
      memory.recorder.unobserved(() => hazards.set(propertyNumber(property), 1));
    const trail = new NoTrail(words);
    const judge = new StepJudge({ layout, words, names, isDeclared, seen });
    const folios = new FolioReader(memory, layout, words, scheme);
    const known = pgmapKnowledge(memory, layout);
    const noChanges = new NoChanges(words);
    this.trail = trail;
    this.judge = judge;
    this.folios = folios;
    const parts = { memory, cpus, layout, words, folios, trail, judge, scheme };
    this.pgmaps = new PgmapWatch({ ...parts, known });
    this.holders = new HolderScan({ ...parts, pgmaps: this.pgmaps });
    this.translations = new TranslationWatch(parts);
    this.entries = new StateEntryWatch(parts);
    new FolioWatch({ ...parts, changes: () => noChanges });
  }

  override warning(_cpu: number, text: string): void {
    this.judge.ofMachine('kernel-warning', text);
  }
}
