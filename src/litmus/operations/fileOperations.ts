import type { OperationRows } from './operation.ts';
import {
  byteValue,
  fileSystemDevice,
  flag,
  length,
  namedNumber,
  number,
  offset,
  register,
  text,
  word,
} from './parameters.ts';
import { FALLOCATE_WORDS } from './words.ts';

export type FileOperationName =
  | 'open'
  | 'ftruncate'
  | 'fallocate'
  | 'punch'
  | 'fsync'
  | 'fdatasync'
  | 'reflink'
  | 'unlink'
  | 'read'
  | 'write'
  | 'mount'
  | 'umount'
  | 'crash';

const file = register('file', ['file'], 'the file, from open');

/** Files on a DAX file system. */
export const fileOperations: OperationRows<FileOperationName> = {
  open: {
    parameters: [
      fileSystemDevice,
      text('name', 'name of the file'),
      flag('create', 'create it; with `size` its blocks are allocated and written with zeros'),
      namedNumber('size', 'bytes that an empty file gets with `create`'),
    ],
    result: 'file',
    doc: 'Opens a file on a DAX file system; without a name, on device-DAX, opens the device a second time.',
    returns: 'the file, or an errno',
  },
  ftruncate: {
    parameters: [file, number('size', 'new size in bytes')],
    result: 'number',
    doc: 'Changes the size of the file; waits for pages that are in use beyond it.',
    returns: '0 or an errno',
  },
  fallocate: {
    parameters: [
      file,
      word('mode', FALLOCATE_WORDS, 'what to do with the range'),
      offset,
      length,
      flag('keep_size', 'FALLOC_FL_KEEP_SIZE: the file does not grow'),
    ],
    result: 'number',
    doc: 'fallocate(2): punches, zeroes, collapses, inserts or allocates a range of the file.',
    returns: '0 or an errno',
  },
  punch: {
    parameters: [file, offset, length],
    result: 'number',
    doc: 'Punches a hole into the file, whose size stays.',
    returns: '0 or an errno',
  },
  fsync: {
    parameters: [file],
    result: 'number',
    doc: 'Makes what was written to the file durable.',
    returns: '0 or an errno',
  },
  fdatasync: {
    parameters: [file],
    result: 'number',
    doc: 'The same, without what is not needed to read the data back.',
    returns: '0 or an errno',
  },
  reflink: {
    parameters: [file, register('clone', ['file'], 'the file that shares its blocks from now on')],
    result: 'number',
    doc: 'Lets the second file share the blocks of the first (FICLONE; xfs only).',
    returns: '0 or an errno',
  },
  unlink: {
    parameters: [fileSystemDevice, text('name', 'name of the file')],
    result: 'number',
    doc: 'Removes the name; the blocks go when nobody has the file open or mapped.',
    returns: '0 or an errno',
  },
  read: {
    parameters: [file, offset],
    result: 'number',
    doc: 'read(2) of one byte of the file.',
    returns: 'the byte, or an errno',
  },
  write: {
    parameters: [file, offset, byteValue],
    result: 'number',
    doc: 'write(2) of one byte of the file.',
    returns: '0 or an errno',
  },
  mount: {
    parameters: [fileSystemDevice],
    result: 'number',
    doc: 'Mounts the file system of the device, as it was mounted in the beginning (mount(2)).',
    returns: '0 or an errno: EBUSY if it is mounted, ENOENT while the device is unbound',
  },
  umount: {
    parameters: [fileSystemDevice],
    result: 'number',
    doc: 'Unmounts the file system of the device (umount2(2) without flags); may wait for pages that are in use.',
    returns: '0; EBUSY while a file of it is open or mapped, EINVAL if it is not mounted',
  },
  crash: {
    parameters: [],
    result: 'number',
    doc: 'Power loss and reboot: what was made durable is there afterwards, and the process, with its files opened again and nothing mapped.',
    returns: '0',
  },
};
