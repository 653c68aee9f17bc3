import type { PropertyName } from '../../litmus/index.ts';
import { Judge, type JudgeParts } from '../../run/observe/judge.ts';
import { NOWHERE } from '../../run/observe/layout.ts';
import { JUDGED, SPARED } from '../../run/observe/unitWords.ts';

/** A property that a step or a state breaks. */
export interface BrokenProperty {
  readonly property: PropertyName;
  readonly message: string;
  readonly page: string | null;
}

export interface StepJudgeParts extends JudgeParts {
  /** Whether an execution goes on when the property is broken. */
  readonly isPassedOver: (property: PropertyName) => boolean;
  /** Told of each property that was passed over. */
  readonly seen: (property: PropertyName) => void;
}

/**
 * Collects what the properties find in one step. What is passed over is noted; anything else ends the execution. What
 * happens to a folio after a property broke that the test declares is not judged.
 */
export class StepJudge extends Judge {
  /** What the current step broke; whoever takes the next step empties it. */
  readonly broken: BrokenProperty[] = [];
  private readonly parts: StepJudgeParts;

  constructor(parts: StepJudgeParts) {
    super(parts);
    this.parts = parts;
  }

  override ofPage(property: PropertyName, pfn: number, message: string): void {
    const unit = this.layout.unitOf(pfn);
    if (unit !== NOWHERE && this.isIgnored(unit, property)) return;
    this.report({ property, message: this.located(pfn, message), page: this.layout.nameOf(pfn) });
    if (unit !== NOWHERE && this.parts.isDeclared(property)) this.words.set(unit, JUDGED, SPARED);
  }

  override ofMachine(property: PropertyName, message: string): void {
    this.report({ property, message, page: null });
  }

  private report(broken: BrokenProperty): void {
    if (this.parts.isPassedOver(broken.property)) this.parts.seen(broken.property);
    else this.broken.push(broken);
  }
}
