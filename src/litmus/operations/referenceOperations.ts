import type { OperationRows } from './operation.ts';
import {
  access,
  byteValue,
  flag,
  length,
  mapping,
  namedRegister,
  offset,
  optionalNumber,
  register,
  word,
} from './parameters.ts';

export type ReferenceOperationName =
  | 'pin'
  | 'unpin'
  | 'get'
  | 'put'
  | 'dma_read'
  | 'dma_write'
  | 'vmsplice'
  | 'tee'
  | 'splice'
  | 'pipe_drain'
  | 'pipe_byte'
  | 'close_pipe'
  | 'io_uring_register'
  | 'io_uring_unregister'
  | 'io_submit'
  | 'io_getevents'
  | 'odirect_write'
  | 'odirect_read';

const pin = register('pin', ['pin'], 'the pin, from pin');
const pipe = register('pipe', ['pipe', 'get'], 'the pipe, from vmsplice or tee');
const longterm = flag('longterm', 'FOLL_LONGTERM: the pin may be held for ever');

/** References on pages: pins, gets, pipes, registered buffers, direct I/O. */
export const referenceOperations: OperationRows<ReferenceOperationName> = {
  pin: {
    parameters: [mapping, offset, length, access, longterm],
    result: 'pin',
    doc: 'Pins pages (FOLL_PIN): the fast walk of the page tables first, the slow one for the rest.',
    returns: 'number of pages pinned, possibly fewer than asked for, or an errno',
  },
  unpin: {
    parameters: [pin],
    result: 'number',
    doc: 'Ends a pin, marking the pages dirty when it was taken for writing.',
    returns: '0; EINVAL the second time',
  },
  get: {
    parameters: [mapping, offset, length, access],
    result: 'get',
    doc: 'Takes plain references on pages (FOLL_GET), as vmsplice does.',
    returns: 'number of pages, possibly fewer than asked for, or an errno',
  },
  put: {
    parameters: [register('reference', ['get', 'pipe'], 'what get, vmsplice or tee returned')],
    result: 'number',
    doc: 'Drops the references of a get or a pipe.',
    returns: '0; EINVAL the second time',
  },
  dma_read: {
    parameters: [pin, offset],
    result: 'number',
    doc: 'A device reads one byte through the pinned pages, whatever the page tables say by now.',
    returns: 'the byte',
  },
  dma_write: {
    parameters: [pin, offset, byteValue],
    result: 'number',
    doc: 'A device writes one byte through the pinned pages, whatever the page tables say by now. Like `dma_read`, on real kernels only through pins of device-DAX for writing.',
    returns: '0',
  },
  vmsplice: {
    parameters: [
      mapping,
      offset,
      length,
      flag('gift', 'SPLICE_F_GIFT'),
      namedRegister(
        'pipe',
        ['pipe'],
        'a pipe that takes them behind what it holds, in the place of a new one',
      ),
    ],
    result: 'pipe',
    doc: 'Puts the pages into a pipe, which then holds a reference on each.',
    returns: 'the pipe (its bytes), or an errno',
  },
  tee: {
    parameters: [pipe],
    result: 'pipe',
    doc: 'Duplicates what the pipe holds into another new pipe, one more reference a buffer.',
    returns: 'the new pipe (its bytes), or an errno',
  },
  splice: {
    parameters: [pipe],
    result: 'number',
    doc: 'Moves what the pipe holds into an ordinary file, which empties the pipe.',
    returns: 'bytes moved, or an errno',
  },
  pipe_drain: {
    parameters: [pipe, optionalNumber('length', null, 'bytes; everything when left out')],
    result: 'number',
    doc: 'Reads from the pipe into ordinary memory; a buffer that is used up drops its reference.',
    returns: 'bytes read, or an errno',
  },
  pipe_byte: {
    parameters: [pipe],
    result: 'number',
    doc: 'Looks at the first byte that the last pipe_drain of the pipe copied.',
    returns: 'the byte; 0 when nothing was copied',
  },
  close_pipe: {
    parameters: [pipe],
    result: 'number',
    doc: 'Closes both ends of the pipe, which drops all its references.',
    returns: '0; EINVAL the second time',
  },
  io_uring_register: {
    parameters: [mapping, offset, length],
    result: 'ring',
    doc: 'Registers the range as a buffer of a new io_uring: long-term write pins, one a folio touched.',
    returns: '0 or an errno',
  },
  io_uring_unregister: {
    parameters: [register('ring', ['ring'], 'the ring, from io_uring_register')],
    result: 'number',
    doc: 'Unregisters the buffer, which ends its pins.',
    returns: '0 or an errno',
  },
  io_submit: {
    parameters: [
      mapping,
      offset,
      length,
      word('access', ['read', 'write'], 'read into the mapping (pins for writing), or write from it'),
    ],
    result: 'request',
    doc: 'Submits asynchronous O_DIRECT I/O on the range: pinned as long as it is in flight.',
    returns: '1 request in flight, or an errno',
  },
  io_getevents: {
    parameters: [register('request', ['request'], 'the request, from io_submit')],
    result: 'number',
    doc: 'Waits for the request, which ends its pins.',
    returns: 'bytes transferred, or an errno',
  },
  odirect_write: {
    parameters: [mapping, offset, length],
    result: 'number',
    doc: 'Synchronous O_DIRECT write(2) from the range: pinned for reading meanwhile.',
    returns: 'bytes, or an errno',
  },
  odirect_read: {
    parameters: [mapping, offset, length],
    result: 'number',
    doc: 'Synchronous O_DIRECT read(2) into the range: pinned for writing meanwhile.',
    returns: 'bytes, or an errno',
  },
};
