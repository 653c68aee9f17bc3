import type { RegisterKind } from './operation.ts';
import { type OperationName, operationNamed } from './table.ts';

/** What operations are called elsewhere: by the kernel, by the C library, or by whoever does not know their name yet. */
const OTHER_NAMES: Readonly<Record<string, OperationName>> = {
  pin_user_pages: 'pin',
  pin_user_pages_fast: 'pin',
  unpin_user_page: 'unpin',
  unpin_user_pages: 'unpin',
  get_user_pages: 'get',
  get_user_pages_fast: 'get',
  put_page: 'put',
  folio_put: 'put',
  touch: 'load',
  fault: 'load',
  memory_failure: 'madvise',
  process_vm_readv: 'peek',
  process_vm_writev: 'poke',
  io_uring_register_buffers: 'io_uring_register',
  execve: 'exec',
  kill: 'exit',
  creat: 'open',
  create: 'open',
  openat: 'open',
  pread: 'read',
  pread64: 'read',
  pwrite: 'write',
  pwrite64: 'write',
  sync: 'fsync',
  syncfs: 'fsync',
  sync_file_range: 'fsync',
  punch_hole: 'punch',
  hole_punch: 'punch',
  posix_fallocate: 'fallocate',
  clone: 'reflink',
  ficlone: 'reflink',
  delete: 'unlink',
  remove: 'unlink',
  unlinkat: 'unlink',
  power_loss: 'crash',
  reboot: 'crash',
  umount2: 'umount',
  unmount: 'umount',
};

/** The operation that goes by another name; null when it is none's. */
export function operationOtherwiseNamed(name: string): OperationName | null {
  const known = name.toLowerCase();
  return (Object.hasOwn(OTHER_NAMES, known) ? OTHER_NAMES[known] : undefined) ?? null;
}

/** Operations that do the same to different things. */
const COUNTERPARTS: readonly (readonly OperationName[])[] = [
  ['msync', 'fsync'],
  ['load', 'read', 'dma_read'],
  ['store', 'write', 'dma_write'],
  ['munmap', 'close', 'unpin', 'put', 'io_uring_unregister', 'io_getevents'],
];

/** The operation that does to a register of that kind what another one does to other registers; null when there is none. */
export function counterpartFor(name: string, kind: RegisterKind): OperationName | null {
  const others = COUNTERPARTS.find((group) => group.some((other) => other === name)) ?? [];
  const takesIt = (other: OperationName): boolean => {
    const type = operationNamed(other).parameters[0]?.type;
    return type?.kind === 'register' && type.accepts.includes(kind);
  };
  return others.find(takesIt) ?? null;
}
