import type { Pfn } from '../../kernel/state/numbers.ts';
import { PROPERTIES, type PropertyName } from '../../litmus/index.ts';
import { type Actor, type ActorNames, NOBODY } from './actor.ts';
import type { FileMap } from './fileMap.ts';
import { type Layout, NOWHERE, type Unit } from './layout.ts';
import { JUDGED, LAST_ACTOR, PREVIOUS_ACTOR, SPARED, type UnitWords } from './unitWords.ts';

/** A property that was broken. */
export interface Finding {
  readonly property: PropertyName;
  readonly message: string;
  /** `d[3]`; null when no page is to blame. */
  readonly page: string | null;
  /** The one who broke it, and who touched the page before. */
  readonly actors: readonly string[];
}

/** Further findings are only counted: a broken kernel can break every page of a device. */
const FINDINGS_KEPT = 100;

const PROPERTY_NAMES: readonly string[] = Object.keys(PROPERTIES);

/** The number of a property, in the order in which they are listed. */
export function propertyNumber(property: PropertyName): number {
  return PROPERTY_NAMES.indexOf(property);
}

export interface JudgeParts {
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly files: FileMap;
  readonly names: ActorNames;
  /** Whether the test says that the kernel breaks the property: what happens to the page after that is not judged. */
  readonly isDeclared: (property: PropertyName) => boolean;
}

/** Collects what the properties find, each property once a folio. */
export class Judge {
  readonly findings: Finding[] = [];
  /** Findings beyond those kept. */
  left = 0;
  protected readonly layout: Layout;
  protected readonly words: UnitWords;
  private readonly names: ActorNames;
  private readonly files: FileMap;
  private readonly isDeclared: (property: PropertyName) => boolean;
  private readonly said = new Set<string>();

  constructor({ layout, words, files, names, isDeclared }: JudgeParts) {
    this.layout = layout;
    this.words = words;
    this.files = files;
    this.names = names;
    this.isDeclared = isDeclared;
  }

  /** Reports a property of a page, unless it was reported of its folio before. */
  ofPage(property: PropertyName, pfn: Pfn, message: string, actors?: readonly Actor[]): void {
    const unit = this.layout.unitOf(pfn);
    if (unit !== NOWHERE) {
      const judged = this.words.get(unit, JUDGED);
      const bit = 2 ** propertyNumber(property);
      if ((judged & bit) !== 0 || this.isIgnored(unit, property)) return;
      this.words.set(unit, JUDGED, judged | bit | (this.isDeclared(property) ? SPARED : 0));
    }
    const page = this.layout.nameOf(pfn);
    const involved = actors ?? (unit === NOWHERE ? [] : this.actorsOf(unit));
    if (unit === NOWHERE && this.isRepeated(`${property} ${page}`)) return;
    this.keep({ property, message: this.located(pfn, message), page, actors: this.describe(involved) });
  }

  /** A message about a page, with what the page is to the files: `page 0 of "a": …`. */
  located(pfn: Pfn, message: string): string {
    const place = this.files.describe(pfn);
    return place === '' ? message : `${place}: ${message}`;
  }

  /** Reports what is no page's fault, each message once. */
  ofMachine(property: PropertyName, message: string, actors: readonly string[]): void {
    if (!this.isRepeated(`${property} ${message}`)) this.keep({ property, message, page: null, actors });
  }

  /** Names of actors, without repetition. */
  describe(actors: readonly Actor[]): string[] {
    return [
      ...new Set(actors.filter((actor) => actor !== NOBODY).map((actor) => this.names.describe(actor))),
    ];
  }

  /** Whether what happens to a folio is not judged any more, but for what the test declares besides. */
  isSpared(unit: Unit): boolean {
    return this.words.get(unit, JUDGED) >= SPARED;
  }

  /** Whether nobody wants to hear that a folio breaks a property. */
  isIgnored(unit: Unit, property: PropertyName): boolean {
    return this.isSpared(unit) && !this.isDeclared(property);
  }

  private actorsOf(unit: Unit): Actor[] {
    return [this.words.get(unit, LAST_ACTOR), this.words.get(unit, PREVIOUS_ACTOR)];
  }

  private isRepeated(what: string): boolean {
    if (this.said.has(what)) return true;
    this.said.add(what);
    return false;
  }

  private keep(finding: Finding): void {
    if (this.findings.length < FINDINGS_KEPT) this.findings.push(finding);
    else this.left++;
  }
}
