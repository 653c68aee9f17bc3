import type { OperationRows } from './operation.ts';
import { byteValue, characterDevice, device, offset, register } from './parameters.ts';

export type DeviceOperationName = 'open_device' | 'close' | 'fd_read' | 'fd_write' | 'unbind' | 'bind';

/** Devices and their descriptors. */
export const deviceOperations: OperationRows<DeviceOperationName> = {
  open_device: {
    parameters: [characterDevice],
    result: 'descriptor',
    need: 'none',
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
    need: 'none',
    doc: 'Closes a descriptor; a pipe or a ring drops what it holds.',
    returns: '0 or an errno',
  },
  fd_read: {
    parameters: [characterDevice, offset],
    result: 'number',
    need: 'none',
    doc: 'pread(2) of one byte on the descriptor of the device.',
    returns: 'the byte, or an errno: device-DAX has no read',
  },
  fd_write: {
    parameters: [characterDevice, offset, byteValue],
    result: 'number',
    need: 'none',
    doc: 'pwrite(2) of one byte on the descriptor of the device.',
    returns: 'bytes written, or an errno: device-DAX has no write',
  },
  unbind: {
    parameters: [device],
    result: 'number',
    need: 'none',
    doc: "Detaches the driver: mappings are zapped and the device's pgmap is torn down.",
    returns: '0, when the kernel is done waiting',
  },
  bind: {
    parameters: [device],
    result: 'number',
    need: 'none',
    doc: 'Attaches the driver again: a new pgmap, fresh struct pages, the same bytes.',
    returns: '0, or an errno',
  },
};
