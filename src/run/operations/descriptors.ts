import { FMODE_WRITE } from '../../kernel/common/include/fs.ts';
import { access, type Request } from '../interpreter/task.ts';
import { REGISTER_CLOSED } from '../state/register.ts';
import type { Content } from '../state/registers.ts';
import { type Adapter, type Adapters, call, number, type Plan, result, steps } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { FMODE_DEFAULT } from './devices.ts';
import { errno } from './errno.ts';

/**
 * Descriptors of character devices. device-DAX has no file operations but mmap (drivers/dax/device.c dax_fops), so
 * that the system calls on its descriptors end in what the VFS says then.
 */
export const descriptors: Adapters = {
  open_device: {
    plan: (context) =>
      call('dax_open', context.device('device'), context.flag('wronly') ? FMODE_WRITE : FMODE_DEFAULT),
    finish: (context, file): Content => {
      if (file < 0) return number(file);
      const descriptor = context.world.descriptors.install(context.process, file);
      return { kind: 'object', value: 0, object: descriptor + 1 };
    },
  },
  close: {
    takesAway: (context) => (context.holds('descriptor') === 'file' ? 'any' : undefined),
    plan: planClose,
    finish: finishClose,
  },
  fd_read: refused('EINVAL'),
  fd_write: refused('EINVAL'),
  fd_lseek: { plan: () => result(0) },
  fd_ftruncate: refused('EINVAL'),
  fd_fallocate: refused('ENODEV'),
  fd_splice: refused('EINVAL'),
  fd_sendfile: refused('EINVAL'),
};

function refused(name: string): Adapter {
  return { plan: () => result(errno(name)) };
}

function planClose(context: OperationContext): Plan {
  const { state, object } = context.register('descriptor');
  const kind = context.holds('descriptor');
  if (state === REGISTER_CLOSED || (object === 0 && kind !== 'ring')) return result(errno('EBADF'));
  if (object === 0) return result(0);
  switch (kind) {
    case 'pipe':
      return call('pipe_release', object);
    case 'ring':
      return call('io_uring_release', object);
    case 'file':
      return steps(() => closeFile(context));
    default:
      return call('fput', context.world.descriptors.fileOf(context.process, object - 1));
  }
}

/** The descriptor goes first; what the last one leaves to do may take a while. */
function* closeFile(context: OperationContext): Generator<Request, number, number> {
  const { registers, descriptors } = context.world;
  const { object } = context.register('descriptor');
  const file = yield access(() => {
    const opened = descriptors.fileOf(context.process, object - 1);
    descriptors.close(context.process, object - 1);
    registers.close(context.reference('descriptor'));
    return opened;
  });
  yield call('fput', file);
  return 0;
}

function finishClose(context: OperationContext, returned: number): Content {
  const { state, object } = context.register('descriptor');
  if (state === REGISTER_CLOSED) return number(returned);
  if (context.holds('descriptor') === 'descriptor') {
    context.world.descriptors.close(context.process, object - 1);
  }
  context.world.registers.close(context.reference('descriptor'));
  return number(returned);
}
