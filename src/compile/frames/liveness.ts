import type { Expression } from '../dialect/tree.ts';
import { walkExpression } from '../dialect/walk.ts';
import { type Block, exitsOf, type Graph } from './graph.ts';
import { LocalSet } from './localSet.ts';

/** For each block, the locals whose value at its beginning is still read. */
export type Liveness = ReadonlyMap<Block, LocalSet>;

/**
 * Finds the live locals, having deleted assignments that nobody reads. A step whose result nobody reads loses its
 * `result`.
 */
export function findLiveness(graph: Graph, isPure: (value: Expression) => boolean): Liveness {
  for (;;) {
    const live = solve(graph);
    if (!deleteDead(graph, live, isPure)) return live;
  }
}

function solve({ blocks, locals }: Graph): Map<Block, LocalSet> {
  const live = new Map<Block, LocalSet>(blocks.map((block) => [block, new LocalSet(locals.length)]));
  const backwards = [...blocks].reverse();
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of backwards) {
      const before = liveAtExit(block, live, locals.length);
      for (let at = block.code.length - 1; at >= 0; at--) {
        const instruction = block.code[at];
        if (instruction === undefined) continue;
        if (instruction.target !== undefined) before.delete(instruction.target);
        addReads(before, instruction.value);
      }
      if (block.step !== undefined) {
        if (block.step.result !== undefined) before.delete(block.step.result);
        for (const argument of block.step.arguments) addReads(before, argument);
      }
      if (live.get(block)?.addAll(before) === true) changed = true;
    }
  }
  return live;
}

function liveAtExit(block: Block, live: Liveness, locals: number): LocalSet {
  const set = new LocalSet(locals);
  for (const next of exitsOf(block)) {
    const of = live.get(next);
    if (of !== undefined) set.addAll(of);
  }
  if (block.exit.kind === 'branch') addReads(set, block.exit.test);
  if (block.exit.kind === 'end') addReads(set, block.exit.value);
  return set;
}

function addReads(set: LocalSet, expression: Expression): void {
  walkExpression(expression, (part) => {
    if (part.kind === 'local') set.add(part.local);
  });
}

/** Deletes assignments of pure values that are not read; answers whether there were any. */
function deleteDead(graph: Graph, live: Liveness, isPure: (value: Expression) => boolean): boolean {
  let deleted = false;
  for (const block of graph.blocks) {
    const after = liveAtExit(block, live, graph.locals.length);
    for (let at = block.code.length - 1; at >= 0; at--) {
      const instruction = block.code[at];
      if (instruction === undefined) continue;
      const { target, value, something } = instruction;
      const unread = target === undefined || !after.has(target);
      if (unread && isPure(value)) {
        block.code.splice(at, 1);
        deleted = true;
        continue;
      }
      if (target !== undefined) {
        if (unread) block.code[at] = { target: undefined, value, something };
        after.delete(target);
      }
      addReads(after, value);
    }
    const step = block.step;
    if (step?.result !== undefined && !after.has(step.result)) {
      step.result = undefined;
    }
  }
  return deleted;
}
