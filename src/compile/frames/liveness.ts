import type { Expression } from '../dialect/tree.ts';
import { walkExpression } from '../dialect/walk.ts';
import { type Block, backwards, exitsOf, type Graph } from './graph.ts';
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

function solve({ entry, locals }: Graph): Map<Block, LocalSet> {
  const live = new Map<Block, LocalSet>();
  const flows = backwards(entry).map((block) => {
    const before = new LocalSet(locals.length);
    const assigned = new LocalSet(locals.length);
    summarise(block, before, assigned);
    live.set(block, before);
    return { block, before, assigned };
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (const { block, before, assigned } of flows) {
      for (const next of exitsOf(block)) {
        const after = live.get(next);
        if (after !== undefined && before.addAllBut(after, assigned)) changed = true;
      }
    }
  }
  return live;
}

/** Finds what a block reads before it assigns it, and what it assigns. */
function summarise(block: Block, read: LocalSet, assigned: LocalSet): void {
  const note = (expression: Expression): void =>
    walkExpression(expression, (part) => {
      if (part.kind === 'local' && !assigned.has(part.local)) read.add(part.local);
    });
  block.step?.arguments.forEach(note);
  if (block.step?.result !== undefined) assigned.add(block.step.result);
  for (const { target, value } of block.code) {
    note(value);
    if (target !== undefined) assigned.add(target);
  }
  if (block.exit.kind === 'branch') note(block.exit.test);
  if (block.exit.kind === 'end') note(block.exit.value);
}

function liveAtExit(block: Block, live: Liveness, locals: number): LocalSet {
  const set = new LocalSet(locals);
  const nothing = new LocalSet(locals);
  for (const next of exitsOf(block)) {
    const of = live.get(next);
    if (of !== undefined) set.addAllBut(of, nothing);
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
    if (block.code.length === 0 && block.step?.result === undefined) continue;
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
