/** Numbers of system calls on x86-64 whose arguments are plain numbers, for the agent's `syscall`. */
export const SYSTEM_CALLS = {
  read: 0,
  write: 1,
  close: 3,
  lseek: 8,
  mmap: 9,
  mprotect: 10,
  munmap: 11,
  pread64: 17,
  pwrite64: 18,
  mremap: 25,
  msync: 26,
  madvise: 28,
  sendfile: 40,
  ftruncate: 77,
  mlock: 149,
  munlock: 150,
  mlockall: 151,
  munlockall: 152,
  futex: 202,
  remap_file_pages: 216,
  splice: 275,
  tee: 276,
  fallocate: 285,
  io_uring_register: 427,
} as const;

export type SystemCall = keyof typeof SYSTEM_CALLS;
