import { type Model, NOT_ENABLED, type Property, STEPPED, type State } from '../../check/model.ts';

/*
 * The calibration protocol: two lockless page-table walkers that take references (GUP-fast), one thread that
 * zaps entries and one that faults them in. A step is exactly one label of its PlusCal text, so that state
 * counts can be held against TLC's. State and threads are packed by hand into two words.
 */

/** Labels G0 to G9 of a walker, then done. */
const WALKER_DONE = 10;
/** Labels Z0 to Z5, then done. */
const ZAP_DONE = 6;
/** Labels F0 to F4, then done. */
const FAULT_DONE = 5;

const ASSERTION_FAILED = 2;

const WALKERS = 2;
const ZAP = 2;
const FAULT = 3;

/*
 * Word 0: the lock (bit 0), entries (bits 1, 2), references (3 bits each from bit 3), pins (2 bits each from
 * bit 9), zap thread (8 bits from bit 13), fault thread (7 bits from bit 21).
 * Word 1: the walkers, 10 bits each.
 */
const LOCK = 1;
const ENTRIES_AT = 1;
const REFERENCES_AT = 3;
const PINS_AT = 9;
const ZAP_AT = 13;
const FAULT_AT = 21;
const WALKER_BITS = 10;

/** A walker's word: label (4 bits), i (2), n (2), v (1), got (1). */
const walkerWord = (label: number, i: number, n: number, v: number, got: number): number =>
  label | (i << 4) | (n << 6) | (v << 8) | (got << 9);

/** The zap thread's word: label (3 bits), i (2), n (2), v (1). The fault thread's is the same without v. */
const lockerWord = (label: number, i: number, n: number, v: number): number =>
  label | (i << 3) | (n << 5) | (v << 7);

const entryOf = (shared: number, page: number): number => (shared >> (ENTRIES_AT + page)) & 1;
const referencesOf = (shared: number, page: number): number => (shared >> (REFERENCES_AT + 3 * page)) & 7;
const oneReference = (page: number): number => 1 << (REFERENCES_AT + 3 * page);
const onePin = (page: number): number => 1 << (PINS_AT + 2 * page);

/** Parameters of the protocol; the packing has room for two of each. */
export interface GupSize {
  readonly pages: 1 | 2;
  readonly rounds: 1 | 2;
}

export class GupModel implements Model {
  readonly width = 2;
  readonly actions: number = WALKERS + 2;
  readonly properties: readonly Property[] = [];
  private readonly pages: number;
  private readonly rounds: number;

  constructor({ pages, rounds }: GupSize) {
    this.pages = pages;
    this.rounds = rounds;
  }

  initialStates(): readonly State[] {
    let shared = 0;
    for (let page = 0; page < this.pages; page++) shared += oneReference(page);
    return [Int32Array.of(shared, 0)];
  }

  step(from: State, action: number, to: State): number {
    if (action === ZAP) return this.stepZap(from[0] as number, from[1] as number, to);
    if (action === FAULT) return this.stepFault(from[0] as number, from[1] as number, to);
    return this.stepWalker(from[0] as number, from[1] as number, action * WALKER_BITS, to);
  }

  isEnd(state: State): boolean {
    const shared = state[0] as number;
    const walkers = state[1] as number;
    return (
      (walkers & 15) === WALKER_DONE &&
      ((walkers >> WALKER_BITS) & 15) === WALKER_DONE &&
      ((shared >> ZAP_AT) & 7) === ZAP_DONE &&
      ((shared >> FAULT_AT) & 7) === FAULT_DONE
    );
  }

  describeState(state: State): string {
    const shared = state[0] as number;
    const pages = Array.from({ length: this.pages }, (_, page) => page);
    const entries = pages.map((page) => entryOf(shared, page)).join(' ');
    const references = pages.map((page) => referencesOf(shared, page)).join(' ');
    return `ptl ${shared & LOCK}, pte ${entries}, ref ${references}`;
  }

  describeAction(from: State, action: number): string {
    const shared = from[0] as number;
    if (action === ZAP) return `zap: Z${(shared >> ZAP_AT) & 7}`;
    if (action === FAULT) return `fault: F${(shared >> FAULT_AT) & 7}`;
    return `gup ${action}: G${((from[1] as number) >> (action * WALKER_BITS)) & 15}`;
  }

  describeFailure(): string {
    return 'a pinned page has no reference besides the pin';
  }

  private stepWalker(before: number, walkers: number, at: number, to: State): number {
    const own = (walkers >> at) & 1023;
    let label = own & 15;
    let i = (own >> 4) & 3;
    let n = (own >> 6) & 3;
    let v = (own >> 8) & 1;
    let got = own >> 9;
    let shared = before;
    switch (label) {
      case 0:
        if (n < this.rounds) {
          i = 0;
          label = 1;
        } else label = WALKER_DONE;
        break;
      case 1:
        if (i < this.pages) {
          v = entryOf(shared, i);
          label = 2;
        } else {
          n++;
          label = 0;
        }
        break;
      case 2:
        if (v === 0) label = 9;
        else {
          got = referencesOf(shared, i) > 0 ? 1 : 0;
          if (got) shared += oneReference(i);
          label = 3;
        }
        break;
      case 3:
        if (!got) label = 9;
        else label = entryOf(shared, i) === v ? 5 : 4;
        break;
      case 4:
      case 8:
        shared -= oneReference(i);
        label = 9;
        break;
      case 5:
        shared += onePin(i);
        label = 6;
        break;
      case 6:
        if (referencesOf(shared, i) <= 1) return ASSERTION_FAILED;
        label = 7;
        break;
      case 7:
        shared -= onePin(i);
        label = 8;
        break;
      case 9:
        i++;
        label = 1;
        break;
      default:
        return NOT_ENABLED;
    }
    to[0] = shared;
    to[1] = (walkers & ~(1023 << at)) | (walkerWord(label, i, n, v, got) << at);
    return STEPPED;
  }

  private stepZap(before: number, walkers: number, to: State): number {
    const own = (before >> ZAP_AT) & 255;
    let label = own & 7;
    let i = (own >> 3) & 3;
    let n = (own >> 5) & 3;
    let v = own >> 7;
    let shared = before;
    switch (label) {
      case 0:
        if (n < this.rounds) {
          i = 0;
          label = 1;
        } else label = ZAP_DONE;
        break;
      case 1:
        if (i < this.pages) {
          if (shared & LOCK) return NOT_ENABLED;
          shared |= LOCK;
          label = 2;
        } else {
          n++;
          label = 0;
        }
        break;
      case 2:
        v = entryOf(shared, i);
        label = 3;
        break;
      case 3:
        shared &= ~(1 << (ENTRIES_AT + i));
        label = 4;
        break;
      case 4:
        shared &= ~LOCK;
        label = 5;
        break;
      case 5:
        if (v !== 0) shared -= oneReference(i);
        i++;
        label = 1;
        break;
      default:
        return NOT_ENABLED;
    }
    to[0] = (shared & ~(255 << ZAP_AT)) | (lockerWord(label, i, n, v) << ZAP_AT);
    to[1] = walkers;
    return STEPPED;
  }

  private stepFault(before: number, walkers: number, to: State): number {
    const own = (before >> FAULT_AT) & 127;
    let label = own & 7;
    let i = (own >> 3) & 3;
    let n = own >> 5;
    let shared = before;
    switch (label) {
      case 0:
        if (n < this.rounds) {
          i = 0;
          label = 1;
        } else label = FAULT_DONE;
        break;
      case 1:
        if (i < this.pages) {
          if (shared & LOCK) return NOT_ENABLED;
          shared |= LOCK;
          label = 2;
        } else {
          n++;
          label = 0;
        }
        break;
      case 2:
        if (entryOf(shared, i) === 0) {
          shared += oneReference(i);
          label = 3;
        } else label = 4;
        break;
      case 3:
        shared |= 1 << (ENTRIES_AT + i);
        label = 4;
        break;
      case 4:
        shared &= ~LOCK;
        i++;
        label = 1;
        break;
      default:
        return NOT_ENABLED;
    }
    to[0] = (shared & ~(127 << FAULT_AT)) | (lockerWord(label, i, n, 0) << FAULT_AT);
    to[1] = walkers;
    return STEPPED;
  }
}
