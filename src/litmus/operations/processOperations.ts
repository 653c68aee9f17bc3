import type { OperationRows } from './operation.ts';
import {
  barrierName,
  byteValue,
  length,
  mapping,
  number,
  offset,
  optionalNumber,
  processName,
  remoteMapping,
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
    doc: 'Ends the process: its address space is torn down and everything it holds is closed.',
    returns: 'nothing',
  },
  exec: {
    parameters: [],
    result: 'nothing',
    doc: 'Replaces the process by a program that exits at once, as execve(2) of /bin/true does.',
    returns: 'nothing',
  },
  barrier: {
    parameters: [barrierName],
    result: 'number',
    doc: 'Waits until every thread and process whose text names this barrier has arrived.',
    returns: '0',
  },
  pagemap: {
    parameters: [mapping, offset],
    result: 'number',
    hasNegativeValues: true,
    doc: 'Looks the page up in /proc/self/pagemap.',
    returns: 'the page of the device, counted in 4 KiB pages, or -1 when nothing is mapped',
  },
  mincore: {
    parameters: [mapping, offset],
    result: 'number',
    doc: 'Asks mincore(2) about one page.',
    returns: '0 or 1, or an errno',
  },
  smaps_rss: {
    parameters: [mapping],
    result: 'number',
    doc: 'Reads the Rss of the mapping from /proc/self/smaps.',
    returns: 'bytes',
  },
  clear_refs: {
    parameters: [number('value', '1 clears the accessed bits, 4 the soft-dirty bits')],
    result: 'number',
    doc: 'Writes the value to /proc/self/clear_refs.',
    returns: '0 or an errno',
  },
  poke: {
    parameters: [processName, remoteMapping, offset, byteValue],
    result: 'number',
    doc: "Writes one byte into another process's mapping (process_vm_writev).",
    returns: 'bytes moved, or an errno',
  },
  peek: {
    parameters: [processName, remoteMapping, offset, optionalNumber('length', 1, 'bytes')],
    result: 'number',
    doc: "Reads from another process's mapping (process_vm_readv).",
    returns: 'bytes moved, or an errno',
  },
  peek_byte: {
    parameters: [processName, remoteMapping, offset],
    result: 'number',
    doc: "Reads one byte from another process's mapping (process_vm_readv), and shows it.",
    returns: 'the byte, or an errno',
  },
  proc_mem_read: {
    parameters: [mapping, offset],
    result: 'number',
    doc: 'Reads one byte of the mapping through /proc/self/mem.',
    returns: 'the byte, or an errno',
  },
  proc_mem_write: {
    parameters: [mapping, offset, byteValue],
    result: 'number',
    doc: 'Writes one byte through /proc/self/mem, which forces its way into read-only mappings (FOLL_FORCE).',
    returns: 'bytes written, or an errno',
  },
  pipe_write: {
    parameters: [mapping, offset, length],
    result: 'number',
    doc: 'write(2) of the range into a pipe: the CPU copies, no reference is kept.',
    returns: 'bytes copied, or an errno',
  },
  pipe_read: {
    parameters: [mapping, offset, length],
    result: 'number',
    doc: 'read(2) of a pipe into the range: the CPU copies, no reference is kept.',
    returns: 'bytes copied, or an errno',
  },
};
