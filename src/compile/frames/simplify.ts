import type { Expression } from '../dialect/tree.ts';
import { knownNumber, substituteLocals } from './fold.ts';
import { type Block, exitsOf, type Graph, type Instruction, reachable } from './graph.ts';

/** Code that is copied for the sake of one decision may be this long: a few results handed up through returns. */
const COPY_LIMIT = 12;

/**
 * Shortens the local control flow: a path on which a returned constant decides a later branch goes there at once,
 * so that each branch of the caller has one meaning (one set of locks, one result).
 */
export function simplify(graph: Graph): Graph {
  for (const block of graph.blocks) skipEmpty(block);
  for (const block of graph.blocks) decideAhead(block);
  const blocks = reachable(graph.entry);
  mergeChains(blocks);
  return { ...graph, blocks: reachable(graph.entry) };
}

/** Retargets the exits of a block past blocks that do nothing. */
function skipEmpty(block: Block): void {
  const { exit } = block;
  if (exit.kind === 'jump') block.exit = { ...exit, to: pastEmpty(exit.to) };
  if (exit.kind === 'branch') {
    block.exit = { ...exit, whenTrue: pastEmpty(exit.whenTrue), whenFalse: pastEmpty(exit.whenFalse) };
  }
}

function pastEmpty(block: Block): Block {
  const passed = new Set<Block>();
  let at = block;
  while (at.step === undefined && at.code.length === 0 && at.exit.kind === 'jump' && !passed.has(at)) {
    passed.add(at);
    at = at.exit.to;
  }
  return at;
}

/** Follows a block's jump through local code while the constants at its end decide where that leads. */
function decideAhead(block: Block): void {
  for (;;) {
    const known = new Map<number, Expression>();
    for (const instruction of block.code) note(known, instruction);
    if (block.exit.kind !== 'jump' || known.size === 0) return;
    const copied: Instruction[] = [];
    let at = block.exit.to;
    let target: Block | undefined;
    while (at.step === undefined && copied.length + at.code.length <= COPY_LIMIT) {
      for (const { target: local, value, something } of at.code) {
        const instruction = {
          target: local,
          value: substituteLocals(value, (read) => known.get(read)),
          something,
        };
        copied.push(instruction);
        note(known, instruction);
      }
      if (at.exit.kind === 'branch') {
        const test = knownNumber(substituteLocals(at.exit.test, (local) => known.get(local)));
        if (test === undefined) break;
        target = test !== 0 ? at.exit.whenTrue : at.exit.whenFalse;
        break;
      }
      if (at.exit.kind !== 'jump' || at.exit.to === at) break;
      at = at.exit.to;
    }
    if (target === undefined) return;
    block.code.push(...copied);
    block.exit = { kind: 'jump', to: pastEmpty(target) };
    if (block.code.length > 4 * COPY_LIMIT) return;
  }
}

function note(known: Map<number, Expression>, { target, value }: Instruction): void {
  if (target === undefined) return;
  if (value.kind === 'number') known.set(target, value);
  else known.delete(target);
}

/** Appends blocks that only one block leads to. */
function mergeChains(blocks: readonly Block[]): void {
  const entrances = new Map<Block, number>();
  for (const block of blocks) {
    for (const next of exitsOf(block)) entrances.set(next, (entrances.get(next) ?? 0) + 1);
  }
  const merged = new Set<Block>();
  for (const block of blocks) {
    if (merged.has(block)) continue;
    while (block.exit.kind === 'jump') {
      const { to } = block.exit;
      if (to === block || to.step !== undefined || to === blocks[0] || entrances.get(to) !== 1) break;
      block.code.push(...to.code);
      block.exit = to.exit;
      merged.add(to);
    }
  }
}
