import type { InodeId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of filemap_invalidate_lock_shared: keeps nobody out. */
export function* filemap_invalidate_lock_shared__nothing(_file: InodeId): Op {}

/** Takes the place of filemap_invalidate_unlock_shared. */
export function* filemap_invalidate_unlock_shared__nothing(_file: InodeId): Op {}
