import { ReadTree, UNKNOWN } from './readTree.ts';
import type { WordTree } from './wordTree.ts';

const NO = 0;
const YES = 1;

/** Remembers the answers to a yes-or-no question about a list of words: it is asked once of all that look alike to it. */
export class SharedQuestion {
  private readonly list: WordTree;
  private readonly ask: () => boolean;
  private readonly tree: ReadTree;
  private root = 0;
  /** Answers that depend on more than single words. */
  private readonly opaque = new Map<number, boolean>();

  /** `ask` is asked of the list as it is brought back. */
  constructor(list: WordTree, ask: () => boolean) {
    this.list = list;
    this.ask = ask;
    this.tree = new ReadTree(list);
  }

  of(list: number): boolean {
    const known = this.tree.findIn(list, this.root);
    if (known !== UNKNOWN) return known === YES;
    return this.opaque.get(list) ?? this.answer(list);
  }

  private answer(list: number): boolean {
    const { trace } = this.list;
    this.list.load(list);
    trace.begin();
    const answer = this.ask();
    trace.end();
    this.list.undo();
    if (trace.isOpaque) this.opaque.set(list, answer);
    else this.root = this.tree.add(this.root, trace.reads(), answer ? YES : NO);
    return answer;
  }
}
