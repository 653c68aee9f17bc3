/** A program of the host that real kernels need. */
export interface NeededProgram {
  readonly name: string;
  /** What it is needed for. */
  readonly purpose: string;
  /** The Debian package that has it. */
  readonly package: string;
  /** Whether it goes into the guest by itself, without shared libraries. */
  readonly isStatic?: true;
}

export const NEEDED_PROGRAMS: readonly NeededProgram[] = [
  { name: 'qemu-system-x86_64', purpose: 'the machine that a kernel runs on', package: 'qemu-system-x86' },
  { name: 'busybox', purpose: 'the guest’s commands', package: 'busybox-static', isStatic: true },
  { name: 'ndctl', purpose: 'makes DAX devices, in the guest', package: 'ndctl' },
  { name: 'mkfs.ext4', purpose: 'makes fsdax devices with ext4, in the guest', package: 'e2fsprogs' },
  { name: 'mkfs.xfs', purpose: 'makes fsdax devices with xfs, in the guest', package: 'xfsprogs' },
  { name: 'cc', purpose: 'builds the agent', package: 'gcc' },
  { name: 'xz', purpose: 'decompresses modules', package: 'xz-utils' },
  { name: 'zstd', purpose: 'decompresses kernels', package: 'zstd' },
  { name: 'apt-get', purpose: 'fetches kernels', package: 'apt' },
  { name: 'dpkg-deb', purpose: 'unpacks kernels', package: 'dpkg' },
];
