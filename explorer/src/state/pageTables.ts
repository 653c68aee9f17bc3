import type { Program } from '../../../src/litmus/index.ts';
import type { Memory } from '../../../src/machine/memory.ts';
import { flagNames, frameOf } from '../../../src/run/observe/entry.ts';
import type { Layout } from '../../../src/run/observe/layout.ts';
import {
  type AddressSpace,
  addressName,
  addressSpaces,
  entriesOf,
  hexadecimal,
  type PlacedEntry,
  tableBelow,
} from './addresses.ts';

const LEVEL_NAMES: readonly string[] = ['', 'PTE', 'PMD', 'PUD', 'PGD'];
const TOP_LEVEL = 4;

/** One entry of a page table, with what hangs below it. */
export interface TableNode {
  /** Stable from state to state. */
  readonly key: string;
  /** `PTE 3` */
  readonly title: string;
  /** `m[0]`, or an address in hexadecimal. */
  readonly address: string;
  readonly isLeaf: boolean;
  /** Of a leaf its page, `d[0]`; else the table below, `table 3`. */
  readonly target: string;
  /** Names of the bits that stand in it. */
  readonly flags: readonly string[];
  readonly children: readonly TableNode[];
}

/** The page tables of one process. */
export interface TableTree {
  readonly process: string;
  readonly roots: readonly TableNode[];
}

/** The page tables of every process, down to the entries. */
export function pageTables(program: Program, memory: Memory, layout: Layout): TableTree[] {
  return addressSpaces(program, memory).map((space) => ({
    process: space.name,
    roots: nodesOf({ program, memory, layout, space }, space.pgd, TOP_LEVEL, 0),
  }));
}

interface Walk {
  readonly program: Program;
  readonly memory: Memory;
  readonly layout: Layout;
  readonly space: AddressSpace;
}

function nodesOf(walk: Walk, table: number, level: number, base: number): TableNode[] {
  return entriesOf(walk.memory, table, level, base).map((entry) => nodeOf(walk, entry));
}

function nodeOf(walk: Walk, placed: PlacedEntry): TableNode {
  const { program, memory, layout, space } = walk;
  const { level, position, address, entry, isLeaf } = placed;
  const levelName = LEVEL_NAMES[level] ?? '';
  return {
    key: `${space.name}/${levelName}/${address}`,
    title: `${levelName} ${position}`,
    address: isLeaf ? addressName(program, memory, space.process, address) : hexadecimal(address),
    isLeaf,
    target: isLeaf ? layout.nameOf(frameOf(entry)) : `table ${tableBelow(placed)}`,
    flags: flagNames(entry),
    children: isLeaf || level === 1 ? [] : nodesOf(walk, tableBelow(placed), level - 1, address),
  };
}
