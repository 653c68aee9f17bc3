/*
 * What the kernel was built with (Kconfig). A test without files can have a kernel that knows none: an override by CONFIG_NOT_SET leaves
 * their code out, which otherwise is part of every operation on memory.
 */

/** Files whose pages are those of a device. Linux: fs/Kconfig FS_DAX (7.2). */
export const CONFIG_FS_DAX: number = 1;

/** Stands for what is left out. */
export const CONFIG_NOT_SET: number = 0;
