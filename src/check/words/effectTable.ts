import { STEPPED } from '../model.ts';
import { hashPair } from '../store/hash.ts';
import { ReadTree, UNKNOWN } from './readTree.ts';
import type { WordValues } from './stepTrace.ts';
import type { WordTree } from './wordTree.ts';

/** What a thread does from some state on. */
export interface Effect {
  /** `NOT_ENABLED`, `STEPPED`, or a failure's number. */
  readonly outcome: number;
  /** The thread's own words afterwards. */
  readonly nextOwn: number;
  /** What it read of the shared words; null if it depends on more than single words. */
  readonly reads: WordValues | null;
  /** The shared words that it changes, ascending, with what they hold afterwards. */
  readonly writes: WordValues;
}

/** Finds out what a thread with these own words does; the shared words are those that are brought back. */
export type Produce = (own: number, shared: number) => Effect;

const SMALLEST_CACHE = 1024;
const LARGEST_CACHE: number = 2 ** 18;
/** Integers of a place in the cache: own words, shared words, effect plus 1, shared words afterwards. */
const PLACE_WORDS = 4;
/** More own words than one thread can have, so that they and shared words make one number. */
const OWN_LIMIT: number = 2 ** 21;

/**
 * The effects met so far of the threads of one kind, found by the thread's own words and by what it reads of the
 * shared ones. Effects are numbered from 0 in the order in which they were met.
 */
export class EffectTable {
  private readonly shared: WordTree;
  private readonly produce: Produce;
  private readonly tree: ReadTree;
  private readonly roots: number[] = [];
  /** Effects that depend on all shared words, by own and shared words together. */
  private readonly opaque = new Map<number, number>();
  private readonly owns: number[] = [];
  private readonly effects: Effect[] = [];
  private cache: Int32Array = new Int32Array(SMALLEST_CACHE * PLACE_WORDS);
  private misses = 0;
  private words = 0;
  /** After `find`: the shared words afterwards, if the thread stepped. */
  nextShared = 0;

  constructor(shared: WordTree, produce: Produce) {
    this.shared = shared;
    this.produce = produce;
    this.tree = new ReadTree(shared);
  }

  /** Number of effects. */
  get size(): number {
    return this.effects.length;
  }

  get bytes(): number {
    return (
      this.cache.byteLength + this.tree.bytes + 8 * (this.roots.length + 12 * this.size + 2 * this.words)
    );
  }

  /** The effect of a thread with these own words on these shared words. Leaves `nextShared` behind. */
  find(own: number, shared: number): number {
    const { cache } = this;
    const place = (hashPair(own, shared) * PLACE_WORDS) & (cache.length - 1);
    if (cache[place] === own && cache[place + 1] === shared && cache[place + 2] !== 0) {
      this.nextShared = cache[place + 3] as number;
      return (cache[place + 2] as number) - 1;
    }
    this.shared.load(shared);
    let effect = this.tree.find(this.roots[own] ?? 0);
    if (effect === UNKNOWN) effect = this.opaque.get(shared * OWN_LIMIT + own) ?? this.add(own, shared);
    this.nextShared = this.apply(this.effects[effect] as Effect, shared);
    this.remember(own, shared, effect);
    return effect;
  }

  /** The own words that it begins with. */
  own(effect: number): number {
    return this.owns[effect] as number;
  }

  outcome(effect: number): number {
    return this.effect(effect).outcome;
  }

  nextOwn(effect: number): number {
    return this.effect(effect).nextOwn;
  }

  effect(effect: number): Effect {
    return this.effects[effect] as Effect;
  }

  private apply({ outcome, writes }: Effect, shared: number): number {
    const { words, values } = writes;
    return outcome === STEPPED ? this.shared.successor(words, values, 0, words.length) : shared;
  }

  private add(own: number, shared: number): number {
    if (own >= OWN_LIMIT) throw new Error(`a thread has more than ${OWN_LIMIT} different words of its own`);
    const effect = this.produce(own, shared);
    this.shared.load(shared);
    const number = this.effects.push(effect) - 1;
    this.owns.push(own);
    const { reads, writes } = effect;
    this.words += writes.words.length + (reads?.words.length ?? 0);
    if (reads === null) this.opaque.set(shared * OWN_LIMIT + own, number);
    else this.roots[own] = this.tree.add(this.roots[own] ?? 0, reads, number);
    return number;
  }

  private remember(own: number, shared: number, effect: number): void {
    const places = this.cache.length / PLACE_WORDS;
    if (++this.misses > 2 * places && places < LARGEST_CACHE) {
      this.cache = new Int32Array(2 * this.cache.length);
      this.misses = 0;
    }
    const { cache } = this;
    const place = (hashPair(own, shared) * PLACE_WORDS) & (cache.length - 1);
    cache[place] = own;
    cache[place + 1] = shared;
    cache[place + 2] = effect + 1;
    cache[place + 3] = this.nextShared;
  }
}
