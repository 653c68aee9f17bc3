import type { State } from '../model.ts';
import { FULL, type StateSet, StateStore, type StoreBounds, UNBOUNDED } from './stateStore.ts';

const WORD_BITS = 32;

/** How many bits each component has, and where they lie; a component never lies across two words. */
class Packing {
  readonly bits: readonly number[];
  readonly words: number;
  private readonly wordOf: Int32Array;
  private readonly shiftOf: Int32Array;
  private readonly maskOf: Int32Array;

  constructor(bits: readonly number[]) {
    this.bits = bits;
    this.wordOf = new Int32Array(bits.length);
    this.shiftOf = new Int32Array(bits.length);
    this.maskOf = Int32Array.from(bits, (count) => (count === WORD_BITS ? -1 : 2 ** count - 1));
    // First fit, widest components first, wastes least.
    const order = bits
      .map((_, component) => component)
      .sort((a, b) => (bits[b] ?? 0) - (bits[a] ?? 0) || a - b);
    const used: number[] = [];
    for (const component of order) {
      const wanted = bits[component] ?? 0;
      let word = used.findIndex((taken) => taken + wanted <= WORD_BITS);
      if (word === -1) word = used.push(0) - 1;
      this.wordOf[component] = word;
      this.shiftOf[component] = used[word] ?? 0;
      used[word] = (used[word] ?? 0) + wanted;
    }
    this.words = used.length;
  }

  fits(components: State): boolean {
    for (let component = 0; component < components.length; component++) {
      if (((components[component] as number) & ~(this.maskOf[component] as number)) !== 0) return false;
    }
    return true;
  }

  pack(components: State, words: State): void {
    words.fill(0);
    for (let component = 0; component < components.length; component++) {
      const word = this.wordOf[component] as number;
      words[word] =
        (words[word] as number) | ((components[component] as number) << (this.shiftOf[component] as number));
    }
  }

  unpack(words: State, components: State): void {
    for (let component = 0; component < components.length; component++) {
      const word = words[this.wordOf[component] as number] as number;
      components[component] =
        (word >>> (this.shiftOf[component] as number)) & (this.maskOf[component] as number);
    }
  }
}

/**
 * States whose components are small numbers, packed into as few bits as the largest of each needs. A component
 * that outgrows its bits has all states packed anew.
 */
export class ComponentStore implements StateSet {
  private packing: Packing;
  private words: State;
  private readonly store: StateStore;

  constructor(components: number, bounds: StoreBounds = UNBOUNDED) {
    this.packing = new Packing(Array.from({ length: components }, () => 1));
    this.words = new Int32Array(this.packing.words);
    this.store = new StateStore(this.packing.words, bounds);
  }

  get size(): number {
    return this.store.size;
  }

  get bytes(): number {
    return this.store.bytes;
  }

  get reserved(): number {
    return this.store.reserved;
  }

  set reserved(bytes: number) {
    this.store.reserved = bytes;
  }

  read(number: number, state: State): void {
    this.store.read(number, this.words);
    this.packing.unpack(this.words, state);
  }

  add(state: State): number {
    if (!this.packing.fits(state) && !this.widen(state)) return FULL;
    this.packing.pack(state, this.words);
    return this.store.add(this.words);
  }

  find(state: State): number {
    if (!this.packing.fits(state)) return -1;
    this.packing.pack(state, this.words);
    return this.store.find(this.words);
  }

  private widen(state: State): boolean {
    const { packing } = this;
    const wider = new Packing(
      packing.bits.map((bits, component) => Math.max(bits, WORD_BITS - Math.clz32(state[component] ?? 0))),
    );
    const components = new Int32Array(state.length);
    const repack = (from: State, to: State): void => {
      packing.unpack(from, components);
      wider.pack(components, to);
    };
    if (!this.store.rewrite(wider.words, repack)) return false;
    this.packing = wider;
    this.words = new Int32Array(wider.words);
    return true;
  }
}
