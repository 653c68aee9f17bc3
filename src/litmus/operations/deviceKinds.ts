import type { DeviceKind } from '../syntax/ast.ts';
import type { Operation, Parameter } from './operation.ts';
import { flag, number, optionalNumber, optionalWord } from './parameters.ts';

const size: Parameter = number('size', 'bytes, a positive multiple of the alignment');

/** How devices are declared, as rows of the same form as operations. */
export const DEVICE_KINDS: Readonly<Record<DeviceKind, Operation<DeviceKind>>> = {
  devdax: {
    name: 'devdax',
    parameters: [size, optionalNumber('align', 4096, 'bytes that one entry maps: 4K, 2M or 1G')],
    result: 'nothing',
    doc: 'A device-DAX character device: fully populated, whole pages of `align`, all bytes 0.',
    returns: 'nothing',
  },
  fsdax: {
    name: 'fsdax',
    parameters: [
      size,
      optionalWord('fs', ['ext4', 'xfs'], 'the file system'),
      flag('rmapbt', 'xfs knows for every block which files have it'),
    ],
    result: 'nothing',
    doc: 'A pmem block device with a DAX-mounted file system; its files come from `open`.',
    returns: 'nothing',
  },
};
