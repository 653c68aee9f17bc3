import { SYSTEM_CALLS } from '../../agent/systemCalls.ts';
import type { ThreadCalls } from '../../agent/threadCalls.ts';
import type { TestDevice } from '../world.ts';

/** Has the kernel execute a system call, of which the first number is that of the call. */
type SystemCaller = (...numbers: readonly number[]) => Promise<number>;

/** What statfs(2) calls each file system. */
const MAGIC = { ext4: 0xef53, xfs: 0x58465342 } as const;

/** Where in `struct statfs` the number of free blocks is. */
const FREE_BLOCKS = 24;

/** A descriptor that needs nothing of the file system, which may be shut down. */
const O_PATH = 0o10000000;

/** Mounts the file system of a device as the guest's first process does: 0 or an errno. */
export async function mount(calls: ThreadCalls, device: TestDevice, system: SystemCaller): Promise<number> {
  const node = `/dev/${device.name.replace(/^dax/, 'pmem')}`;
  const words = await calls.mountArguments(node, device.path, device.fileSystem ?? '', 'dax=always');
  return await system(SYSTEM_CALLS.mount, ...words);
}

/** Unmounts it: 0 or an errno. */
export async function umount(calls: ThreadCalls, device: TestDevice, system: SystemCaller): Promise<number> {
  return await system(SYSTEM_CALLS.umount2, ...(await calls.umountArguments(device.path)));
}

/** Blocks that the file system of a device has to give; null where it is not mounted. */
export async function freeBlocks(calls: ThreadCalls, device: TestDevice): Promise<number | null> {
  const folder = await calls.open(device.path, O_PATH);
  const result = await calls.call('fstatfs', folder, calls.at(0));
  await calls.call('close', folder);
  if (result < 0 || device.fileSystem === null) return null;
  return (await calls.get(0, 8)) === MAGIC[device.fileSystem] ? await calls.get(FREE_BLOCKS, 8) : null;
}
