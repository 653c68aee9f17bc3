import { PairTable } from './pairTable.ts';
import { PIECE_SHIFT, PIECE_WORDS, PieceTable } from './pieceTable.ts';
import { StepTrace } from './stepTrace.ts';

/** Stands in a word that was never written, or reads again as if it had not been. No value of a word. */
export const UNTOUCHED: number = Number.MIN_SAFE_INTEGER;

/** The list of words that are all untouched. */
const ALL_UNTOUCHED = 0;

/** Heap position of the tree's root. */
const ROOT = 1;

/** In the numbers of nodes, the lowest bit tells pairs from pieces. */
const PAIR_BIT = 1;

/**
 * A list of words that can be stored as one number and brought back. It is stored as a tree: pieces of a few words
 * at the leaves, above them pairs of what stands below, and equal parts have equal numbers. So a list that differs
 * little from one that is stored costs a few pairs, and bringing it back costs what differs from the list as it is.
 *
 * A node whose right half is untouched is the same node as its left half, at whatever height: lists have no end, and
 * one that has grown equals what it was before.
 */
export class WordTree {
  /** The words as they are now. Written by `set` alone. */
  values: Float64Array = new Float64Array(PIECE_WORDS).fill(UNTOUCHED);
  readonly trace: StepTrace = new StepTrace();
  private readonly pieces = new PieceTable();
  private readonly pairs = new PairTable();
  /** Levels of pairs above the pieces. */
  private height = 0;
  /** Numbers of the nodes of the list that was brought back last, in heap order. */
  private nodes: Int32Array = new Int32Array(2);
  private changedAt: Int32Array = new Int32Array(64);
  private changedTo: Int32Array = new Int32Array(64);

  constructor() {
    this.pieces.piece.fill(UNTOUCHED);
    this.pieces.intern();
  }

  get bytes(): number {
    return this.pieces.bytes + this.pairs.bytes;
  }

  /** The list that was brought back last. */
  get loaded(): number {
    return this.nodes[ROOT] as number;
  }

  get(word: number): number {
    if (word >= this.values.length) {
      if (!this.trace.isOn) return UNTOUCHED;
      this.reach(word);
    }
    const value = this.values[word] as number;
    this.trace.read(word, value);
    return value;
  }

  set(word: number, value: number): void {
    if (word >= this.values.length) this.reach(word);
    this.trace.write(word, this.values[word] as number);
    // Adding 0 makes 0 of -0, which is the same number in other bits.
    this.values[word] = value + 0;
  }

  /** Brings a stored list back. What was written since the last one was brought back is lost. */
  load(list: number): void {
    if (this.trace.hasWritten) this.undo();
    if (this.nodes[ROOT] === list) return;
    while (this.heightOf(list) > this.height) this.raise();
    this.place(ROOT, this.height, list);
  }

  /** The number of the list as it is now, which from now on is the one brought back last. */
  store(): number {
    const { words, values } = this.trace.effects(this.values);
    const list = this.changed(words, values, 0, words.length);
    this.trace.forgetWrites();
    this.place(ROOT, this.height, list);
    return list;
  }

  /** Takes back what was written since a list was brought back. */
  undo(): void {
    this.trace.undo(this.values);
  }

  /**
   * The number of the list that was brought back last, but for some words: those from `start` up to but not
   * including `end` of `words`, which ascend.
   * @throws {Error} if anything has been written since
   */
  successor(words: ArrayLike<number>, values: ArrayLike<number>, start: number, end: number): number {
    this.refuseWrites();
    return this.changed(words, values, start, end);
  }

  private changed(words: ArrayLike<number>, values: ArrayLike<number>, start: number, end: number): number {
    if (start === end) return this.loaded;
    const last = words[end - 1] as number;
    if (last >= this.values.length) this.reach(last);
    let count = this.changePieces(words, values, start, end);
    for (let height = 1; height <= this.height; height++) count = this.joinChanged(height, count);
    return this.changedTo[0] as number;
  }

  /**
   * One word of a stored list, without bringing it back.
   * @throws {Error} if anything has been written since the last one was brought back
   */
  at(list: number, word: number): number {
    this.refuseWrites();
    let node = list;
    while (this.heightOf(node) > this.height) this.raise();
    if (word >= this.values.length) return UNTOUCHED;
    let position = ROOT;
    for (let height = this.height; height > 0; height--) {
      if (this.nodes[position] === node) return this.values[word] as number;
      const isRight = (word >>> (PIECE_SHIFT + height - 1)) & 1;
      if (this.heightOf(node) < height) node = isRight === 1 ? ALL_UNTOUCHED : node;
      else node = isRight === 1 ? this.pairs.right(node >>> 1) : this.pairs.left(node >>> 1);
      position = 2 * position + isRight;
    }
    return this.pieces.at(node >>> 1, word);
  }

  private refuseWrites(): void {
    if (this.trace.hasWritten) throw new Error('words were written that belong to no list yet');
  }

  private changePieces(
    words: ArrayLike<number>,
    values: ArrayLike<number>,
    start: number,
    end: number,
  ): number {
    const { piece } = this.pieces;
    const firstLeaf = 1 << this.height;
    if (end - start > this.changedAt.length) this.widen(end - start);
    let count = 0;
    for (let at = start; at < end; ) {
      const number = (words[at] as number) >>> PIECE_SHIFT;
      const base = number << PIECE_SHIFT;
      for (let within = 0; within < PIECE_WORDS; within++)
        piece[within] = this.values[base + within] as number;
      for (; at < end && (words[at] as number) >>> PIECE_SHIFT === number; at++) {
        piece[(words[at] as number) - base] = values[at] as number;
      }
      this.changedAt[count] = firstLeaf + number;
      this.changedTo[count++] = this.pieces.intern() << 1;
    }
    return count;
  }

  /** Replaces the changed nodes by the changed ones above them; answers how many. */
  private joinChanged(height: number, count: number): number {
    const { nodes, changedAt, changedTo } = this;
    let joined = 0;
    for (let at = 0; at < count; joined++) {
      const position = changedAt[at] as number;
      let left = changedTo[at++] as number;
      let right: number;
      if ((position & 1) === 1) {
        right = left;
        left = nodes[position - 1] as number;
      } else if (at < count && changedAt[at] === position + 1) right = changedTo[at++] as number;
      else right = nodes[position + 1] as number;
      changedAt[joined] = position >>> 1;
      changedTo[joined] =
        right === ALL_UNTOUCHED ? left : (this.pairs.intern(height, left, right) << 1) | PAIR_BIT;
    }
    return joined;
  }

  /** Height at which a node is a pair, 0 for a piece. */
  private heightOf(node: number): number {
    return (node & PAIR_BIT) === 0 ? 0 : this.pairs.heightOf(node >>> 1);
  }

  private place(position: number, height: number, node: number): void {
    if (this.nodes[position] === node) return;
    this.nodes[position] = node;
    if (height === 0) {
      const number = position - (1 << this.height);
      this.pieces.read(node >>> 1, this.values, number << PIECE_SHIFT);
      return;
    }
    const isPair = this.heightOf(node) === height;
    this.place(2 * position, height - 1, isPair ? this.pairs.left(node >>> 1) : node);
    this.place(2 * position + 1, height - 1, isPair ? this.pairs.right(node >>> 1) : ALL_UNTOUCHED);
  }

  private reach(word: number): void {
    while (word >= this.values.length) this.raise();
  }

  /** Puts one more level of pairs on top: the list as it is becomes the left half of its new root. */
  private raise(): void {
    const values = new Float64Array(2 * this.values.length).fill(UNTOUCHED);
    values.set(this.values);
    this.values = values;
    const nodes = new Int32Array(2 * this.nodes.length);
    nodes[ROOT] = this.loaded;
    for (let width = 1; width <= 1 << this.height; width *= 2) {
      for (let offset = 0; offset < width; offset++)
        nodes[2 * width + offset] = this.nodes[width + offset] as number;
    }
    this.nodes = nodes;
    this.height++;
    this.trace.reach(values.length);
  }

  private widen(count: number): void {
    this.changedAt = new Int32Array(2 * count);
    this.changedTo = new Int32Array(2 * count);
  }
}
