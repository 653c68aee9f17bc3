import type { Memory } from '../../machine/memory.ts';
import { EXTENT_COW, extent } from './extent.ts';
import { inode as inodes } from './inode.ts';
import type { DeviceId, ExtentId, InodeId } from './numbers.ts';

/** What one extent says. */
export interface ExtentRecord {
  readonly inode: InodeId;
  readonly file_block: number;
  readonly length: number;
  readonly block: number;
  readonly flags: number;
}

/** A struct whose objects say so: the extents that are, or those that a power loss would leave. */
export type ExtentStruct = typeof extent;

/** All extents of a table, in order. */
export function readExtents(memory: Memory, table: ExtentStruct = extent): ExtentRecord[] {
  const { inode, file_block, length, block, flags } = memory.of(table);
  const records: ExtentRecord[] = [];
  for (let slot: ExtentId = 1; inode.get(slot) !== 0; slot++) {
    records.push({
      inode: inode.get(slot),
      file_block: file_block.get(slot),
      length: length.get(slot),
      block: block.get(slot),
      flags: flags.get(slot),
    });
  }
  return records;
}

/** The extents of the files on a device; a block that several have comes several times. */
export function deviceExtents(memory: Memory, device: DeviceId): ExtentRecord[] {
  const { i_sb } = memory.of(inodes);
  return readExtents(memory).filter(({ inode }) => i_sb.get(inode) === device + 1);
}

/** Replaces all extents of a table; brings them into order, and makes one of neighbours. Writes only what changes. */
export function writeExtents(
  memory: Memory,
  records: readonly ExtentRecord[],
  table: ExtentStruct = extent,
): void {
  const fields = memory.of(table);
  const before = readExtents(memory, table).length;
  const merged = mergeNeighbours([...records].sort(inOrder));
  const none: ExtentRecord = { inode: 0, file_block: 0, length: 0, block: 0, flags: 0 };
  for (let position = 0; position < Math.max(before, merged.length); position++) {
    const record = merged[position] ?? none;
    const slot: ExtentId = position + 1;
    for (const name of ['inode', 'file_block', 'length', 'block', 'flags'] as const) {
      if (fields[name].get(slot) !== record[name]) fields[name].set(slot, record[name]);
    }
  }
}

function inOrder(one: ExtentRecord, other: ExtentRecord): number {
  return (
    one.inode - other.inode ||
    (one.flags & EXTENT_COW) - (other.flags & EXTENT_COW) ||
    one.file_block - other.file_block
  );
}

function mergeNeighbours(records: readonly ExtentRecord[]): ExtentRecord[] {
  const merged: ExtentRecord[] = [];
  for (const record of records) {
    const last = merged.at(-1);
    const continues =
      last !== undefined &&
      last.inode === record.inode &&
      last.flags === record.flags &&
      last.file_block + last.length === record.file_block &&
      last.block + last.length === record.block;
    if (continues) merged[merged.length - 1] = { ...last, length: last.length + record.length };
    else merged.push(record);
  }
  return merged;
}
