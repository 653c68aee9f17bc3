import type { OperationRows } from './operation.ts';
import {
  barrierName,
  byteValue,
  flag,
  length,
  mapping,
  number,
  offset,
  optionalNumber,
  processName,
  remoteMapping,
  wholeRange,
  word,
} from './parameters.ts';

export type ProcessOperationName =
  | 'exit'
  | 'exec'
  | 'barrier'
  | 'pagemap'
  | 'mincore'
  | 'smaps_rss'
  | 'clear_refs'
  | 'poke'
  | 'peek'
  | 'peek_byte'
  | 'proc_mem_read'
  | 'proc_mem_write'
  | 'pipe_write'
  | 'pipe_read';

/** Life of a process, meeting points, and what user space sees and copies. */
export const processOperations: OperationRows<ProcessOperationName> = {
  exit: {
    parameters: [optionalNumber('status', 0, 'exit status, or a signal that kills the process')],
    result: 'nothing',
    need: 'none',
    doc: 'Ends the process: its address space is torn down and everything it holds is closed.',
    returns: 'nothing',
  },
  exec: {
    parameters: [],
    result: 'nothing',
    need: 'none',
    doc: 'Replaces the process by a program that exits at once, as execve(2) of /bin/true does.',
    returns: 'nothing',
  },
  barrier: {
    parameters: [barrierName],
    result: 'number',
    need: 'none',
    doc: 'Waits until every thread and process whose text names this barrier has arrived.',
    returns: '0',
  },
  pagemap: {
    parameters: [mapping, offset],
    result: 'number',
    hasNegativeValues: true,
    need: 'none',
    doc: 'Looks the page up in /proc/self/pagemap.',
    returns: 'the page of the device, counted in 4 KiB pages, or -1 when nothing is mapped',
  },
  mincore: {
    parameters: [mapping, offset],
    result: 'number',
    need: 'none',
    doc: 'Asks mincore(2) about one page.',
    returns: '0 or 1, or an errno',
  },
  smaps_rss: {
    parameters: [mapping],
    result: 'number',
    need: 'none',
    doc: 'Reads the Rss of the mapping from /proc/self/smaps.',
    returns: 'bytes',
  },
  clear_refs: {
    parameters: [number('value', '1 clears the accessed bits, 4 the soft-dirty bits')],
    result: 'number',
    need: 'none',
    doc: 'Writes the value to /proc/self/clear_refs.',
    returns: '0 or an errno',
  },
  poke: {
    parameters: [processName, remoteMapping, offset, byteValue],
    result: 'number',
    need: 'none',
    doc: "Writes one byte into another process's mapping (process_vm_writev).",
    returns: 'bytes moved, or an errno',
  },
  peek: {
    parameters: [processName, remoteMapping, offset, optionalNumber('length', 1, 'bytes')],
    result: 'number',
    need: 'none',
    doc: "Reads from another process's mapping (process_vm_readv).",
    returns: 'bytes moved, or an errno',
  },
  peek_byte: {
    parameters: [processName, remoteMapping, offset],
    result: 'number',
    need: 'none',
    doc: "Reads one byte from another process's mapping (process_vm_readv), and shows it.",
    returns: 'the byte, or an errno',
  },
  proc_mem_read: {
    parameters: [mapping, offset],
    result: 'number',
    need: 'none',
    doc: 'Reads one byte of the mapping through /proc/self/mem.',
    returns: 'the byte, or an errno',
  },
  proc_mem_write: {
    parameters: [mapping, offset, byteValue],
    result: 'number',
    need: 'none',
    doc: 'Writes one byte through /proc/self/mem, which forces its way into read-only mappings (FOLL_FORCE).',
    returns: 'bytes written, or an errno',
  },
  pipe_write: {
    parameters: [mapping, offset, length],
    result: 'number',
    need: 'none',
    doc: 'write(2) of the range into a pipe: the CPU copies, no reference is kept.',
    returns: 'bytes copied, or an errno',
  },
  pipe_read: {
    parameters: [mapping, offset, length],
    result: 'number',
    need: 'none',
    doc: 'read(2) of a pipe into the range: the CPU copies, no reference is kept.',
    returns: 'bytes copied, or an errno',
  },
};

export type RealKernelOperationName =
  | 'futex'
  | 'ptrace'
  | 'move_pages'
  | 'mbind'
  | 'get_mempolicy'
  | 'remap_file_pages'
  | 'userfaultfd';

/** System calls that the language knows and the model does not: only a real kernel executes them. */
export const realKernelOperations: OperationRows<RealKernelOperationName> = {
  futex: {
    parameters: [
      mapping,
      offset,
      word('action', ['wake', 'wait'], 'FUTEX_WAKE or FUTEX_WAIT'),
      flag('private', 'FUTEX_PRIVATE_FLAG'),
      optionalNumber('expected', 0, 'value that FUTEX_WAIT expects'),
    ],
    result: 'number',
    need: 'realKernel',
    doc: 'futex(2) on a word of the mapping.',
    returns: 'waiters woken, 0, or an errno',
  },
  ptrace: {
    parameters: [
      processName,
      remoteMapping,
      offset,
      word('action', ['peek', 'poke'], 'PTRACE_PEEKDATA or PTRACE_POKEDATA'),
      optionalNumber('byte', 0, 'the byte that poke writes'),
    ],
    result: 'number',
    need: 'realKernel',
    doc: "Reads or writes one byte of another process's mapping through ptrace(2).",
    returns: 'the byte, 0, or an errno',
  },
  move_pages: {
    parameters: [mapping, offset, optionalNumber('node', null, 'target node; only asks when left out')],
    result: 'number',
    need: 'realKernel',
    doc: 'Asks for, or changes, the node of one page (move_pages(2)).',
    returns: 'the status of the page, or an errno',
  },
  mbind: {
    parameters: [mapping, ...wholeRange],
    result: 'number',
    need: 'realKernel',
    doc: 'Binds a range to node 0 (MPOL_BIND, MPOL_MF_MOVE).',
    returns: '0 or an errno',
  },
  get_mempolicy: {
    parameters: [mapping, offset],
    result: 'number',
    need: 'realKernel',
    doc: 'Asks which node a page is on (MPOL_F_NODE, MPOL_F_ADDR).',
    returns: 'the node, or an errno',
  },
  remap_file_pages: {
    parameters: [mapping, offset, length, number('page', 'page of the device or file to map there')],
    result: 'number',
    need: 'realKernel',
    doc: 'Maps other pages of the file into a range (remap_file_pages(2)).',
    returns: '0 or an errno',
  },
  userfaultfd: {
    parameters: [mapping, word('mode', ['missing', 'wp'], 'UFFDIO_REGISTER mode')],
    result: 'number',
    need: 'realKernel',
    doc: 'Registers the mapping with a new userfaultfd.',
    returns: '0 or an errno',
  },
};
