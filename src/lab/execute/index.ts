/**
 * Litmus tests on real kernels. The host decides whose turn it is and reads the pages from outside of the guest; the agent
 * in it does one operation at a time with system calls. What stands for operations that are none:
 *
 * - `pin` for writing: each page is a registered buffer of an io_uring, long-term as these are; `dma_read` and `dma_write`
 *   are fixed-buffer I/O through it. Device pages do not tell long-term pins from others.
 * - `pin` for writing of a file's pages, which nobody may hold for long: direct I/O into the range from the same disk, which
 *   fails it in the end, so that nothing is written.
 * - `pin` for reading: direct I/O out of the range onto a network block device, whose server answers at `unpin`. How many
 *   pages it pinned is what the pages' own counters say.
 * - `get`: vmsplice into a pipe with room for all; `put` closes it.
 * - a mapping without an address: a free place of its own, given as a hint.
 *
 * Not expressible, and reported so: long-term pins for reading, plain references for writing, pins and gets of nothing,
 * a device that works through a pin for reading or one of a file, a power loss,
 * devices for which this machine has no room. Not judged: what only a model knows (`d.pgmap`).
 */
export type { KernelOutcome } from './executeOn.ts';
export {
  type ExecutedTest,
  executeTests,
  type LabOptions,
  type LabProgress,
  schemeOfKernel,
} from './executeTests.ts';
