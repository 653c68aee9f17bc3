import type { OperationRows } from './operation.ts';
import {
  byteValue,
  characterDevice,
  device,
  flag,
  length,
  number,
  offset,
  register,
  word,
} from './parameters.ts';
import { FALLOCATE_WORDS } from './words.ts';

export type DeviceOperationName =
  | 'open_device'
  | 'close'
  | 'fd_read'
  | 'fd_write'
  | 'fd_lseek'
  | 'fd_ftruncate'
  | 'fd_fallocate'
  | 'fd_splice'
  | 'fd_sendfile'
  | 'unbind'
  | 'bind';

/** Devices and their descriptors. */
export const deviceOperations: OperationRows<DeviceOperationName> = {
  open_device: {
    parameters: [characterDevice, flag('wronly', 'O_WRONLY in the place of O_RDWR')],
    result: 'descriptor',
    doc: 'Opens the device a second time; `open(d)` without a name is the same.',
    returns: 'the descriptor, or an errno',
  },
  close: {
    parameters: [
      register(
        'descriptor',
        ['file', 'descriptor', 'pipe', 'ring'],
        'a file, a second descriptor of a device, a pipe or a ring',
      ),
    ],
    result: 'number',
    doc: 'Closes a descriptor; a pipe drops what it holds, a ring does so before the thread’s next operation.',
    returns: '0 or an errno',
  },
  fd_read: {
    parameters: [characterDevice, offset],
    result: 'number',
    doc: 'pread(2) of one byte on the descriptor of the device.',
    returns: 'the byte, or an errno: device-DAX has no read',
  },
  fd_write: {
    parameters: [characterDevice, offset, byteValue],
    result: 'number',
    doc: 'pwrite(2) of one byte on the descriptor of the device.',
    returns: 'bytes written, or an errno: device-DAX has no write',
  },
  fd_lseek: {
    parameters: [characterDevice],
    result: 'number',
    doc: 'lseek(2) to the end of the descriptor of the device.',
    returns: 'the position: 0, a character device has no size',
  },
  fd_ftruncate: {
    parameters: [characterDevice, number('size', 'new size in bytes')],
    result: 'number',
    doc: 'ftruncate(2) of the descriptor of the device.',
    returns: 'an errno: only files have a size that changes',
  },
  fd_fallocate: {
    parameters: [characterDevice, word('mode', FALLOCATE_WORDS, 'what to do with the range'), offset, length],
    result: 'number',
    doc: 'fallocate(2) of the descriptor of the device.',
    returns: 'an errno: device-DAX has no fallocate',
  },
  fd_splice: {
    parameters: [characterDevice, length],
    result: 'number',
    doc: 'splice(2) from the descriptor of the device into a pipe.',
    returns: 'an errno: device-DAX has no splice_read',
  },
  fd_sendfile: {
    parameters: [characterDevice, length],
    result: 'number',
    doc: 'sendfile(2) from the descriptor of the device into an ordinary file.',
    returns: 'an errno: device-DAX has no splice_read',
  },
  unbind: {
    parameters: [device],
    result: 'number',
    doc: "Detaches the driver: mappings are zapped and the device's pgmap is torn down.",
    returns: '0, when the kernel is done waiting',
  },
  bind: {
    parameters: [device],
    result: 'number',
    doc: 'Attaches the driver again: a new pgmap, fresh struct pages, the same bytes.',
    returns: '0, or an errno',
  },
};
