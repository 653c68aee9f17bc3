import type { Op } from '../../../../machine/primitive.ts';
import { store } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div } from '../../../../machine/primitives/own.ts';
import { holder, holder_append, holder_create } from '../../../state/holder.ts';
import type { HolderId, MmId } from '../../../state/numbers.ts';

/** Pages that a range of bytes touches. */
export function pages_of_range(address: number, length: number): number {
  return length === 0 ? 0 : div(address + length - 1, PAGE_SIZE) - div(address, PAGE_SIZE) + 1;
}

/**
 * Makes a holder of the first `pages` pages of the caller's array, which came from `length` bytes at `address`.
 */
export function* hold_pages(
  kind: number,
  mm: MmId,
  address: number,
  length: number,
  pages: number,
  dirty: number,
): Op<HolderId> {
  const owner = yield* holder_create(kind, mm);
  yield* store(holder.offset, owner, address % PAGE_SIZE);
  yield* store(holder.length, owner, length);
  yield* store(holder.dirty, owner, dirty);
  yield* holder_append(owner, pages);
  return owner;
}
