import type { Expression } from '../dialect/tree.ts';
import { walkExpression } from '../dialect/walk.ts';
import { type Block, exitsOf, type Graph, predecessors, reachable } from './graph.ts';

/** For each block, the locals whose value at its beginning is still read. */
export type Liveness = ReadonlyMap<Block, ReadonlySet<number>>;

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

/** From each block that reads a local, goes back to those that assign it: most locals live for a few blocks only. */
function solve({ entry }: Graph): Map<Block, Set<number>> {
  const blocks = reachable(entry);
  const live = new Map<Block, Set<number>>();
  const assigned = new Map<Block, ReadonlySet<number>>();
  for (const block of blocks) {
    const summary = summarise(block);
    live.set(block, summary.read);
    assigned.set(block, summary.assigned);
  }
  const before = predecessors(blocks);
  const pending: { readonly block: Block; readonly local: number }[] = [];
  for (const [block, read] of live) for (const local of read) pending.push({ block, local });
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { local } = next;
    for (const block of before.get(next.block) ?? []) {
      const locals = live.get(block);
      if (locals === undefined || locals.has(local) || assigned.get(block)?.has(local) === true) continue;
      locals.add(local);
      pending.push({ block, local });
    }
  }
  return live;
}

/** What a block reads before it assigns it, and what it assigns. */
function summarise(block: Block): { readonly read: Set<number>; readonly assigned: Set<number> } {
  const read = new Set<number>();
  const assigned = new Set<number>();
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
  return { read, assigned };
}

function liveAtExit(block: Block, live: Liveness): Set<number> {
  const locals = new Set(exitsOf(block).flatMap((next) => [...(live.get(next) ?? [])]));
  if (block.exit.kind === 'branch') addReads(locals, block.exit.test);
  if (block.exit.kind === 'end') addReads(locals, block.exit.value);
  return locals;
}

function addReads(locals: Set<number>, expression: Expression): void {
  walkExpression(expression, (part) => {
    if (part.kind === 'local') locals.add(part.local);
  });
}

/** Deletes assignments of pure values that are not read; answers whether there were any. */
function deleteDead(graph: Graph, live: Liveness, isPure: (value: Expression) => boolean): boolean {
  let deleted = false;
  for (const block of graph.blocks) {
    if (block.code.length === 0 && block.step?.result === undefined) continue;
    const after = liveAtExit(block, live);
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
