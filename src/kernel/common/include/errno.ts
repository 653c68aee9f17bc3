/* Errors as the kernel returns them (include/uapi/asm-generic/errno-base.h, errno.h), negated at the place of use. */

export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EIO = 5;
export const ENXIO = 6;
export const EBADF = 9;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const EXDEV = 18;
export const ENODEV = 19;
export const EINVAL = 22;
export const EFBIG = 27;
export const ENOSPC = 28;
export const EMLINK = 31;
export const EOVERFLOW = 75;
export const EREMOTEIO = 121;
export const EHWPOISON = 133;
export const EOPNOTSUPP = 95;

/** A signal ends the wait; no system call returns it (include/linux/errno.h). */
export const ERESTARTSYS = 512;

/** Signals as the result of a user access: -1000 less the signal's number. */
export const SIGNAL_SIGBUS = -1007;
export const SIGNAL_SIGSEGV = -1011;
