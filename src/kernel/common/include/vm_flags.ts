/* vm_flags of a VMA (include/linux/mm.h): only those that decide something here. Values are the model's own. */

export const VM_READ = 1;
export const VM_WRITE = 2;
export const VM_EXEC = 4;
export const VM_SHARED = 8;
export const VM_MAYREAD = 16;
export const VM_MAYWRITE = 32;
export const VM_MAYEXEC = 64;
export const VM_MAYSHARE = 128;
export const VM_LOCKED = 256;
export const VM_LOCKONFAULT = 512;
export const VM_HUGEPAGE = 1024;
export const VM_NOHUGEPAGE = 2048;
export const VM_SOFTDIRTY = 4096;
export const VM_DONTCOPY = 8192;
export const VM_SEQ_READ = 32768;
export const VM_RAND_READ = 65536;
export const VM_DONTDUMP = 131072;
export const VM_SYNC = 262144;
export const VM_NORESERVE = 524288;
/** No flag of Linux: the owner of the mapping wants to hear of the first write to each page (vm_ops->pfn_mkwrite). */
export const VM_WRITENOTIFY = 1048576;

/** Permissions that mprotect may change. */
export const VM_ACCESS_FLAGS: number = VM_READ | VM_WRITE | VM_EXEC;
