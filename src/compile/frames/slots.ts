import type { Block, Graph } from './graph.ts';
import type { Liveness } from './liveness.ts';

/**
 * Gives each local that is live where a thread can stand a word of the frame, from 1; locals that are never live
 * at the same place may share one.
 */
export function assignSlots(graph: Graph, live: Liveness): ReadonlyMap<number, number> {
  const together = new Map<number, Set<number>>();
  for (const block of graph.blocks) {
    if (block.step === undefined) continue;
    const members = liveAt(live, block);
    for (const local of members) {
      const others = together.get(local) ?? new Set<number>();
      together.set(local, others);
      for (const other of members) if (other !== local) others.add(other);
    }
  }
  const slots = new Map<number, number>();
  for (const local of [...together.keys()].sort((a, b) => a - b)) {
    const taken = new Set([...(together.get(local) ?? [])].map((other) => slots.get(other)));
    let slot = 1;
    while (taken.has(slot)) slot++;
    slots.set(local, slot);
  }
  return slots;
}

/** The locals that are live at the beginning of a block, in ascending order. */
export function liveAt(live: Liveness, block: Block): number[] {
  return [...(live.get(block) ?? [])].sort((one, other) => one - other);
}
