import { PROPERTIES, type PropertyName } from '../../litmus/index.ts';
import type { ActorNames } from '../../run/observe/actor.ts';
import type { FileMap } from '../../run/observe/fileMap.ts';
import { Judge } from '../../run/observe/judge.ts';
import { type Layout, NOWHERE } from '../../run/observe/layout.ts';
import { JUDGED, type UnitWords } from '../../run/observe/unitWords.ts';

/** A property that a step or a state breaks. */
export interface BrokenProperty {
  readonly property: PropertyName;
  readonly message: string;
  readonly page: string | null;
}

const PROPERTY_NAMES: readonly string[] = Object.keys(PROPERTIES);

/** The number of a property, in the order in which they are listed. */
export function propertyNumber(property: PropertyName): number {
  return PROPERTY_NAMES.indexOf(property);
}

export interface StepJudgeParts {
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly files: FileMap;
  readonly names: ActorNames;
  /** Whether an execution goes on when the property is broken. */
  readonly isPassedOver: (property: PropertyName) => boolean;
  /** Told of each property that was passed over. */
  readonly seen: (property: PropertyName) => void;
}

/**
 * Collects what the properties find in one step. What is passed over is noted, and what happens to its folio after
 * that is not judged; anything else ends the execution.
 */
export class StepJudge extends Judge {
  /** What the current step broke; whoever takes the next step empties it. */
  readonly broken: BrokenProperty[] = [];
  private readonly parts: StepJudgeParts;

  constructor(parts: StepJudgeParts) {
    super(parts.layout, parts.words, parts.files, parts.names);
    this.parts = parts;
  }

  override ofPage(property: PropertyName, pfn: number, message: string): void {
    const { layout, words } = this.parts;
    const unit = layout.unitOf(pfn);
    if (unit !== NOWHERE && words.get(unit, JUDGED) !== 0) return;
    this.report({ property, message: this.located(pfn, message), page: layout.nameOf(pfn) });
    if (unit !== NOWHERE) words.set(unit, JUDGED, 1);
  }

  override ofMachine(property: PropertyName, message: string): void {
    this.report({ property, message, page: null });
  }

  private report(broken: BrokenProperty): void {
    if (this.parts.isPassedOver(broken.property)) this.parts.seen(broken.property);
    else this.broken.push(broken);
  }
}
