import { doubled } from '../store/doubled.ts';
import type { WordValues } from './stepTrace.ts';
import type { WordTree } from './wordTree.ts';

/** `ReadTree.find` answers so when the words hold what nobody has met yet. */
export const UNKNOWN: number = -1;

/** No node, and no edge. */
const NONE = 0;

const SMALLEST = 256;

/**
 * Finds again what deterministic code came to, by what it read: the first word that it reads is always the same, the
 * second follows from what the first one held, and so on. A node names the word that is read there, its edges the values met
 * so far, and a leaf what the code came to. What other words hold does not matter, so that code is executed once
 * for all states that look alike to it.
 */
export class ReadTree {
  private readonly list: WordTree;
  /** By node: the word that is read there; of a leaf, what the code came to, as -1 minus its number. */
  private word: Int32Array = new Int32Array(SMALLEST);
  private firstEdge: Int32Array = new Int32Array(SMALLEST);
  private nodes = 1;
  private value: Float64Array = new Float64Array(SMALLEST);
  private target: Int32Array = new Int32Array(SMALLEST);
  private nextEdge: Int32Array = new Int32Array(SMALLEST);
  private edges = 1;

  constructor(list: WordTree) {
    this.list = list;
  }

  get bytes(): number {
    return this.word.length * 8 + this.value.length * 16;
  }

  /** What code comes to on the list as it was brought back; `root` is where its first read stands, 0 if that is unknown. */
  find(root: number): number {
    const { word, firstEdge, value, nextEdge, target } = this;
    const { values } = this.list;
    for (let node = root; node !== NONE; ) {
      const read = word[node] as number;
      if (read < 0) return -1 - read;
      const wanted = values[read] as number;
      let edge = firstEdge[node] as number;
      while (edge !== NONE && value[edge] !== wanted) edge = nextEdge[edge] as number;
      node = target[edge] as number;
    }
    return UNKNOWN;
  }

  /** The same on a stored list. */
  findIn(list: number, root: number): number {
    for (let node = root; node !== NONE; ) {
      const read = this.word[node] as number;
      if (read < 0) return -1 - read;
      node = this.child(node, this.list.at(list, read));
    }
    return UNKNOWN;
  }

  /**
   * Takes note of what code came to that read these words; answers where its first read stands.
   * @throws {Error} if code that read the same came to something else, or went on to read another word
   */
  add(root: number, { words, values }: WordValues, leaf: number): number {
    const first = root === NONE ? this.addNode(words[0] ?? -1 - leaf) : root;
    let node = first;
    words.forEach((word, position) => {
      if (this.word[node] !== word)
        throw new Error(`code that read the same read word ${word} next, and another before`);
      const known = this.child(node, values[position] as number);
      if (known !== NONE) node = known;
      else {
        const child = this.addNode(words[position + 1] ?? -1 - leaf);
        this.addEdge(node, values[position] as number, child);
        node = child;
      }
    });
    if (this.word[node] !== -1 - leaf) throw new Error('code that read the same came to something else');
    return first;
  }

  private child(node: number, wanted: number): number {
    let edge = this.firstEdge[node] as number;
    while (edge !== NONE && this.value[edge] !== wanted) edge = this.nextEdge[edge] as number;
    return this.target[edge] as number;
  }

  private addNode(word: number): number {
    if (this.nodes === this.word.length) {
      this.word = doubled(this.word);
      this.firstEdge = doubled(this.firstEdge);
    }
    this.word[this.nodes] = word;
    return this.nodes++;
  }

  private addEdge(from: number, value: number, target: number): void {
    if (this.edges === this.value.length) {
      const values = new Float64Array(2 * this.value.length);
      values.set(this.value);
      this.value = values;
      this.target = doubled(this.target);
      this.nextEdge = doubled(this.nextEdge);
    }
    const edge = this.edges++;
    this.value[edge] = value;
    this.target[edge] = target;
    this.nextEdge[edge] = this.firstEdge[from] as number;
    this.firstEdge[from] = edge;
  }
}
