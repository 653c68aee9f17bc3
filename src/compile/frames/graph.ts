import type { StepKind } from '../../machine/primitive.ts';
import type { Expression } from '../dialect/tree.ts';
import type { CallSite } from '../link/thread.ts';

/** Control flow of one operation with all calls inlined. Expressions in it have no steps; locals are the graph's. */
export interface Graph {
  readonly entry: Block;
  /** Every block that `entry` reaches. */
  readonly blocks: readonly Block[];
  /** Locals that hold the arguments when execution begins. */
  readonly parameters: readonly number[];
  readonly locals: readonly GraphLocal[];
}

/** A local of one inlined copy of a function; an intermediate result has no name. */
export interface GraphLocal {
  readonly name: string | undefined;
  readonly function: string;
}

/** Local code; a block may begin with a step, and only a block that does is a place where a thread can stand. */
export interface Block {
  readonly step: GraphStep | undefined;
  code: Instruction[];
  exit: Exit;
}

export interface GraphStep {
  readonly primitive: string;
  readonly kind: StepKind;
  readonly arguments: readonly Expression[];
  readonly chain: readonly CallSite[];
  /** Local that takes the result. */
  result: number | undefined;
}

/** Evaluates an expression without steps; `target` takes the value. */
export interface Instruction {
  readonly target: number | undefined;
  readonly value: Expression;
  /** The value is what a function returns that elsewhere returns a plain 0, the kernel's word for nothing. */
  readonly something: boolean;
}

export type Exit =
  | { readonly kind: 'jump'; readonly to: Block }
  | {
      readonly kind: 'branch';
      readonly test: Expression;
      readonly whenTrue: Block;
      readonly whenFalse: Block;
    }
  | { readonly kind: 'end'; readonly value: Expression };

/** The blocks that a block may continue in. */
export function exitsOf(block: Block): readonly Block[] {
  switch (block.exit.kind) {
    case 'jump':
      return [block.exit.to];
    case 'branch':
      return [block.exit.whenTrue, block.exit.whenFalse];
    case 'end':
      return [];
  }
}

/** All blocks reachable from `entry`, depth first, so roughly in the order of the source. */
export function reachable(entry: Block): Block[] {
  const seen = new Set<Block>();
  const pending = [entry];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    if (seen.has(block)) continue;
    seen.add(block);
    pending.push(...[...exitsOf(block)].reverse());
  }
  return [...seen];
}

/** For each block, those of `blocks` that may continue in it. */
export function predecessors(blocks: readonly Block[]): ReadonlyMap<Block, readonly Block[]> {
  const before = new Map<Block, Block[]>();
  for (const block of blocks) {
    for (const next of exitsOf(block)) {
      const known = before.get(next);
      if (known === undefined) before.set(next, [block]);
      else known.push(block);
    }
  }
  return before;
}
