/* What a file system is asked for, and what it answers (include/linux/iomap.h). Values are the model's own. */

/** The range is to be written. */
export const IOMAP_WRITE = 1;
/** The range is to be zeroed: holes and what was never written need no blocks. */
export const IOMAP_ZERO = 2;

/** The blocks were allocated for this request, or became written by it; they read as zeros. */
export const IOMAP_F_NEW = 1;
/** What the file system knows of them is not durable yet. */
export const IOMAP_F_DIRTY = 2;
/** Other files have them too; with a write, a copy is to be made and they are the place for it. */
export const IOMAP_F_SHARED = 4;
