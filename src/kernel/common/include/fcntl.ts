/* What user space passes to open and fallocate (include/uapi/asm-generic/fcntl.h, include/uapi/linux/falloc.h). */

/** Makes a file that is not there. The value is the model's own. */
export const O_CREAT = 1;

export const FALLOC_FL_KEEP_SIZE = 0x01;
export const FALLOC_FL_PUNCH_HOLE = 0x02;
export const FALLOC_FL_COLLAPSE_RANGE = 0x08;
export const FALLOC_FL_ZERO_RANGE = 0x10;
export const FALLOC_FL_INSERT_RANGE = 0x20;
