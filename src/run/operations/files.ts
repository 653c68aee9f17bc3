import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
  O_CREAT,
} from '../../kernel/common/include/fcntl.ts';
import { FILE_PAGES } from '../../kernel/state/address_space.ts';
import { file as openFiles } from '../../kernel/state/mm.ts';
import type { FileId } from '../../kernel/state/numbers.ts';
import type { Content } from '../state/registers.ts';
import { type Adapters, call, type KernelCall, number, type Plan, result } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { FMODE_DEFAULT } from './devices.ts';
import { errno } from './errno.ts';
import { promising } from './promises.ts';

const FALLOCATE_MODES: Readonly<Record<string, number>> = {
  allocate: 0,
  punch: FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
  zero: FALLOC_FL_ZERO_RANGE,
  collapse: FALLOC_FL_COLLAPSE_RANGE,
  insert: FALLOC_FL_INSERT_RANGE,
};

/** Files on a DAX file system. What takes pages or the right to write away does so in every address space. */
export const files: Adapters = {
  open: { plan: planOpen, finish: finishOpen },
  read: onFile((file, context) => call('sys_pread', file, context.number('offset'))),
  write: {
    takesAway: 'any',
    ...onFile((file, context) => call('sys_pwrite', file, context.number('offset'), context.number('byte'))),
  },
  ftruncate: {
    takesAway: 'any',
    ...onFile((file, context) => call('sys_ftruncate', file, context.number('size'))),
  },
  fallocate: { takesAway: 'any', ...onFile((file, context) => fallocate(file, context, modeOf(context))) },
  punch: {
    takesAway: 'any',
    ...onFile((file, context) => fallocate(file, context, FALLOCATE_MODES.punch ?? 0)),
  },
  fsync: { takesAway: 'any', ...onFile(sync) },
  fdatasync: { takesAway: 'any', ...onFile(sync) },
  reflink: { takesAway: 'any', plan: planReflink },
  unlink: {
    takesAway: 'any',
    plan: (context) => call('sys_unlink', context.device('device'), context.fileName('name')),
  },
};

function planOpen(context: OperationContext): Plan {
  const flags = context.flag('create') ? O_CREAT : 0;
  const size = context.optionalNumber('size');
  if (flags === O_CREAT && size !== null && size < 0) return result(errno('EINVAL'));
  const name = context.fileName('name');
  return call('sys_open', context.device('device'), name, flags, size ?? -1, FMODE_DEFAULT);
}

function finishOpen(context: OperationContext, opened: number): Content {
  if (opened < 0) return number(opened);
  const { memory, descriptors } = context.world;
  const descriptor = descriptors.install(context.process, opened);
  const inode = memory.of(openFiles).f_mapping.get(opened);
  return { kind: 'file', object: descriptor + 1, inode, name: context.fileName('name') + 1 };
}

/** fsync(2), and fdatasync(2), which promises as much: the whole file. */
function sync(file: FileId, context: OperationContext): Plan {
  const inode = context.world.memory.of(openFiles).f_mapping.get(file);
  const pages = { file: inode, first: 0, last: FILE_PAGES - 1 };
  return promising(context, () => [pages], call('sys_fsync', file));
}

function planReflink(context: OperationContext): Plan {
  const source = context.openFile('file');
  const target = context.openFile('clone');
  return source === 0 || target === 0 ? result(errno('EBADF')) : call('sys_ficlone', target, source);
}

function modeOf(context: OperationContext): number {
  const mode = FALLOCATE_MODES[context.word('mode')] ?? 0;
  return context.flag('keep_size') ? mode | FALLOC_FL_KEEP_SIZE : mode;
}

function fallocate(file: number, context: OperationContext, mode: number): KernelCall {
  return call('sys_fallocate', file, mode, context.number('offset'), context.number('length'));
}

/** A system call on the open file of the first argument. */
function onFile(plan: (file: FileId, context: OperationContext) => Plan): {
  readonly plan: (context: OperationContext) => Plan;
} {
  return {
    plan: (context) => {
      const file = context.openFile('file');
      return file === 0 ? result(errno('EBADF')) : plan(file, context);
    },
  };
}
