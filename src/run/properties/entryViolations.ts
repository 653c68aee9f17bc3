import { dev_pagemap } from '../../kernel/state/dax.ts';
import type { Scheme } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import { entryFacts } from '../observe/entryFacts.ts';
import type { FileMap } from '../observe/fileMap.ts';
import type { Layout } from '../observe/layout.ts';
import { leavesOf } from '../observe/leaves.ts';
import { VmaFinder } from '../observe/vmaFinder.ts';
import { entryFlags } from './entryFlags.ts';
import { entryIndex, mappedFreePage } from './mappedFreePage.ts';
import type { StateViolation } from './stateViolations.ts';

/** What the entries of all address spaces break at a quiescent point: pages, places and flags. */
export function entryViolations(
  memory: Memory,
  layout: Layout,
  files: FileMap,
  scheme: Scheme,
): StateViolation[] {
  const vmas = new VmaFinder(memory);
  const { memmap } = memory.of(dev_pagemap);
  const violations: StateViolation[] = [];
  for (const leaf of leavesOf(memory)) {
    const { pfn } = leaf;
    const facts = entryFacts({ layout, memmap, files, vmas, ...leaf });
    const free = mappedFreePage(facts);
    const misplaced = entryIndex(facts);
    const flags = entryFlags(facts, scheme);
    if (free !== null) violations.push({ property: 'mapped-free-page', message: free, pfn });
    else if (misplaced !== null) violations.push({ property: 'mapping-index', message: misplaced, pfn });
    else if (flags !== null) violations.push({ property: 'entry-flags', message: flags, pfn });
  }
  return violations;
}
