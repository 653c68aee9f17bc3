import {
  ACQUIRE,
  ACQUIRE_SHARED,
  type AccessKind,
  ADD,
  type HeldLock,
  isShared,
  kindOf,
  lockWord,
  READ,
  RELEASE,
  wordOf,
} from '../collapse/access.ts';
import type { ComponentModel } from '../collapse/componentModel.ts';
import type { Footprint } from '../collapse/footprints.ts';

/**
 * How a step commutes with the steps of other threads, as bits. `BOTH` (no bit): it may change places with any
 * neighbour. `RIGHT`: with what follows it. `LEFT`: with what comes before it. `NEITHER`: with nothing for sure.
 * A step of several accesses has the bits of all of them.
 */
export type Mover = number;
export const BOTH: Mover = 0;
export const RIGHT: Mover = 1;
export const LEFT: Mover = 2;
export const NEITHER: Mover = 3;

/** Locks common to all accesses of some sort; undefined if there was no such access. */
type Guards = readonly number[] | undefined;

/** What the threads of one kind have been seen to do to one word. */
interface Use {
  /** Locks, shared or not, that were held at every read. */
  readGuards: Guards;
  /** Locks that were held alone whenever the word was changed. */
  changeGuards: Guards;
  /** Whether all changes were additions. */
  onlyAdds: boolean;
  /** Whether all accesses took the lock that the word is, or gave it up. */
  onlyLocks: boolean;
}

const NO_USES: readonly Use[] = [];

/**
 * What has been seen of the use of shared words: who accesses them, and under which locks. From that follows how
 * a step commutes with others. The facts only ever get worse; a search that relied on better ones must begin
 * again, and one that ends with none of its assumptions broken has covered everything
 * (optimistic synchronization-based reduction, Stoller and Cohen).
 */
export class WordFacts {
  private readonly components: ComponentModel;
  private readonly uses = new Map<number, Map<number, Use>>();
  private readonly noted: Set<number>[] = [];
  /** Locks that somebody has given up, or overwritten, without holding them: holding one keeps nobody out. */
  private readonly unreliable = new Set<number>();
  /** Grows whenever something new is learnt. */
  version = 0;

  constructor(components: ComponentModel) {
    this.components = components;
  }

  /** Takes note of a step by a thread of some kind. */
  note(kind: number, number: number): void {
    let known = this.noted[kind];
    if (known === undefined) {
      known = new Set();
      this.noted[kind] = known;
    }
    if (known.has(number)) return;
    known.add(number);
    const { accesses, held } = this.components.footprints.at(number);
    for (const access of accesses) {
      this.noteAccess(kind, wordOf(access), kindOf(access), held);
      this.noteBreach(wordOf(access), kindOf(access), held);
    }
  }

  /** How a step with that footprint commutes, as far as is known. */
  moverOf(kind: number, footprint: Footprint): Mover {
    return footprint.accesses.reduce(
      (mover, access) => mover | this.moverOfAccess(kind, wordOf(access), kindOf(access), footprint.held),
      BOTH,
    );
  }

  moverOfAccess(kind: number, word: number, access: AccessKind, held: readonly HeldLock[]): Mover {
    if (access !== READ && this.components.isVisible(word)) return NEITHER;
    const rivals = this.rivalsOf(kind, word);
    const conflicting = access === READ ? rivals.filter(changes) : rivals;
    if (conflicting.length === 0) return BOTH;
    if (access === ADD && conflicting.every((use) => use.onlyAdds && use.readGuards === undefined))
      return BOTH;
    const guards = guardsOf(word, access, held).filter((lock) => !this.unreliable.has(lock));
    if (guards.some((lock) => conflicting.every((use) => isGuarded(use, lock, access)))) return BOTH;
    if (access !== ACQUIRE && access !== ACQUIRE_SHARED && access !== RELEASE) return NEITHER;
    const isOnlyLock = rivals.every((use) => use.onlyLocks) && this.useOf(kind, word)?.onlyLocks !== false;
    if (!isOnlyLock || this.unreliable.has(word)) return NEITHER;
    return access === RELEASE ? LEFT : RIGHT;
  }

  private noteAccess(kind: number, word: number, access: AccessKind, held: readonly HeldLock[]): void {
    let byKind = this.uses.get(word);
    if (byKind === undefined) {
      byKind = new Map();
      this.uses.set(word, byKind);
    }
    let use = byKind.get(kind);
    if (use === undefined) {
      use = { readGuards: undefined, changeGuards: undefined, onlyAdds: true, onlyLocks: true };
      byKind.set(kind, use);
    }
    const before = factsOf(use);
    const guards = guardsOf(word, access, held);
    if (access === READ) use.readGuards = common(use.readGuards, guards);
    else {
      use.changeGuards = common(use.changeGuards, guards);
      if (access !== ADD) use.onlyAdds = false;
    }
    if (access !== ACQUIRE && access !== ACQUIRE_SHARED && access !== RELEASE) use.onlyLocks = false;
    if (factsOf(use) !== before) this.version++;
  }

  private noteBreach(word: number, access: AccessKind, held: readonly HeldLock[]): void {
    if (access === READ || access === ACQUIRE || access === ACQUIRE_SHARED) return;
    if (this.unreliable.has(word) || held.some((lock) => lockWord(lock) === word)) return;
    this.unreliable.add(word);
    this.version++;
  }

  private useOf(kind: number, word: number): Use | undefined {
    return this.uses.get(word)?.get(kind);
  }

  /** The uses of a word by threads that may run beside those of a kind. */
  private rivalsOf(kind: number, word: number): readonly Use[] {
    const byKind = this.uses.get(word);
    if (byKind === undefined) return NO_USES;
    const rivals: Use[] = [];
    for (const [other, use] of byKind) {
      if (this.components.mayRunBeside(kind, other)) rivals.push(use);
    }
    return rivals;
  }
}

/** Differs whenever the facts of a use do: they only ever get worse, and guards only ever fewer. */
function factsOf({ readGuards, changeGuards, onlyAdds, onlyLocks }: Use): string {
  return `${readGuards?.length} ${changeGuards?.length} ${onlyAdds} ${onlyLocks}`;
}

/** The locks that guard an access: for a read any that are held, for a change those held alone. */
function guardsOf(word: number, access: AccessKind, held: readonly HeldLock[]): readonly number[] {
  return held.filter((lock) => lockWord(lock) !== word && (access === READ || !isShared(lock))).map(lockWord);
}

function common(before: Guards, now: readonly number[]): readonly number[] {
  return before === undefined ? now : before.filter((lock) => now.includes(lock));
}

function changes(use: Use): boolean {
  return use.changeGuards !== undefined;
}

/** Whether a lock keeps all of a rival's accesses that conflict with an access away from it. */
function isGuarded(use: Use, lock: number, access: AccessKind): boolean {
  const changesGuarded = use.changeGuards === undefined || use.changeGuards.includes(lock);
  const readsMatter = access !== READ && use.readGuards !== undefined;
  return changesGuarded && (!readsMatter || use.readGuards?.includes(lock) === true);
}
