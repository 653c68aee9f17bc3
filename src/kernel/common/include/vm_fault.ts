/* Results of a fault (enum vm_fault_reason) and its flags (enum fault_flag), include/linux/mm_types.h. */

export const VM_FAULT_OOM = 1;
export const VM_FAULT_SIGBUS = 2;
export const VM_FAULT_HWPOISON = 16;
export const VM_FAULT_SIGSEGV = 64;
export const VM_FAULT_NOPAGE = 256;
export const VM_FAULT_RETRY = 1024;
export const VM_FAULT_FALLBACK = 2048;
/** The copy that a private mapping needs is made, and in. */
export const VM_FAULT_DONE_COW = 4096;
/** No code of Linux: the owner of the mapping has to be asked (vm_ops->pfn_mkwrite). */
export const VM_FAULT_ASK_OWNER = 16384;
/** What is to be mapped has to become durable first. */
export const VM_FAULT_NEEDDSYNC = 8192;
export const VM_FAULT_ERROR =
  VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON | VM_FAULT_FALLBACK;

export const FAULT_FLAG_WRITE = 1;
export const FAULT_FLAG_VMA_LOCK = 2;
export const FAULT_FLAG_USER = 4;
export const FAULT_FLAG_REMOTE = 8;
/** A pin is to have the page for its own: like a write, but nothing becomes writable. */
export const FAULT_FLAG_UNSHARE = 16;

/** Orders at which huge_fault is asked. */
export const PMD_ORDER = 9;
export const PUD_ORDER = 18;
