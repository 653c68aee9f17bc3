/** Linux's numbers on x86-64 for the words of the language. */

export const PROTECTIONS: Readonly<Record<string, number>> = { none: 0, r: 1, w: 2, rw: 3, rx: 5 };

export const MAP = {
  SHARED: 0x01,
  PRIVATE: 0x02,
  SHARED_VALIDATE: 0x03,
  FIXED: 0x10,
  LOCKED: 0x2000,
  NORESERVE: 0x4000,
  POPULATE: 0x8000,
  SYNC: 0x80000,
  FIXED_NOREPLACE: 0x100000,
} as const;

export const SHARINGS: Readonly<Record<string, number>> = {
  shared: MAP.SHARED,
  private: MAP.PRIVATE,
  shared_validate: MAP.SHARED_VALIDATE,
  untyped: 0,
};

export const MREMAP = { MAYMOVE: 1, FIXED: 2 } as const;

export const MCL = { current: 1, future: 2 } as const;

export const MS_SYNC = 4;

/** Advices of madvise(2). */
export const ADVICES: Readonly<Record<string, number>> = {
  NORMAL: 0,
  RANDOM: 1,
  SEQUENTIAL: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  FREE: 8,
  REMOVE: 9,
  DONTFORK: 10,
  DOFORK: 11,
  MERGEABLE: 12,
  UNMERGEABLE: 13,
  HUGEPAGE: 14,
  NOHUGEPAGE: 15,
  DONTDUMP: 16,
  DODUMP: 17,
  WIPEONFORK: 18,
  KEEPONFORK: 19,
  COLD: 20,
  PAGEOUT: 21,
  POPULATE_READ: 22,
  POPULATE_WRITE: 23,
  DONTNEED_LOCKED: 24,
  COLLAPSE: 25,
  HWPOISON: 100,
  SOFT_OFFLINE: 101,
};

export const FALLOC_FL_KEEP_SIZE = 0x01;

/** Modes of fallocate(2). */
export const FALLOCATE: Readonly<Record<string, number>> = {
  allocate: 0,
  punch: 0x03,
  collapse: 0x08,
  zero: 0x10,
  insert: 0x20,
};

/** Of ioctl(2), on a file that is to have the blocks of another. */
export const FICLONE = 0x40049409;

export const SPLICE = { NONBLOCK: 2, GIFT: 8 } as const;

export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_NONBLOCK = 0o4000;
export const O_DIRECT = 0o40000;

/** End of the file, of lseek(2). */
export const SEEK_END = 2;

/** Of fcntl(2) and ioctl(2), on pipes. */
export const F_SETPIPE_SZ = 1031;
export const FIONREAD = 0x541b;

/** Operations of a ring that move a byte out of, and into, a registered buffer. */
export const IORING_OP_READ_FIXED = 4;
export const IORING_OP_WRITE_FIXED = 5;

/** Of io_uring_register(2). */
export const IORING_REGISTER_BUFFERS = 0;
export const IORING_UNREGISTER_BUFFERS = 1;
