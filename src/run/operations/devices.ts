import { FMODE_READ, FMODE_WRITE } from '../../kernel/common/include/fs.ts';
import { FS_EXT4, FS_XFS } from '../../kernel/state/inode.ts';
import type { Request } from '../interpreter/task.ts';
import type { Layout } from '../observe/layout.ts';
import { type Adapters, call, type Plan, steps } from './adapter.ts';
import type { OperationContext } from './context.ts';

/** Devices and their drivers. */
export const devices: Adapters = {
  unbind: { takesAway: 'any', plan: planUnbind },
  bind: { plan: planBind },
  mount: {
    plan: (context) =>
      call('fs_mount', ...mountArguments(context.world.observer.layout, context.device('device'))),
  },
  umount: { plan: (context) => call('fs_umount', context.device('device')) },
};

function planUnbind(context: OperationContext): Plan {
  return call(hasFiles(context) ? 'pmem_unbind' : 'device_unbind', context.device('device'));
}

/** Binding a pmem device has the file system go on that is mounted from it. */
function planBind(context: OperationContext): Plan {
  const device = context.device('device');
  if (!hasFiles(context)) return call('device_bind', device);
  return steps(() => attachFileSystem(device));
}

function hasFiles(context: OperationContext): boolean {
  return extentOf(context)?.kind === 'fsdax';
}

function extentOf(context: OperationContext): Layout['extents'][number] | undefined {
  return context.world.observer.layout.extents[context.device('device')];
}

/** Attaches the driver of a pmem device, and gives the file system that is mounted from it its device back. */
function* attachFileSystem(device: number): Generator<Request, number, number> {
  const error = yield call('pmem_attach', device);
  return error < 0 ? error : yield call('fs_revive', device);
}

/** What fs_mount takes: a device, the kernel's number of the file system on it, and whether that has a map from blocks to files. */
export function mountArguments(layout: Layout, device: number): readonly number[] {
  const extent = layout.extents[device];
  return [device, extent?.fileSystem === 'xfs' ? FS_XFS : FS_EXT4, extent?.rmapbt ? 1 : 0];
}

/** How a device is opened unless the test asks otherwise (O_RDWR). */
export const FMODE_DEFAULT: number = FMODE_READ | FMODE_WRITE;
