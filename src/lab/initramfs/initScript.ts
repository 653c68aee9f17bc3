import type { DeviceSpec, FileSystem, FileSystemSpec } from '../machine/guest.ts';

/** What the guest's first process has to do. */
export interface InitTasks {
  /** Paths of the modules in the order to load them, each with its parameters. */
  readonly modules: readonly string[];
  readonly devices: readonly DeviceSpec[];
}

/**
 * How each file system is made: in blocks of a page, which DAX needs, and for a storage of 2 MiB stripes, so that large
 * files are aligned and can be mapped by PMDs. A log of the size that xfs asks for then needs few, large groups. Whether xfs
 * has a map from blocks to files unless it is told is a matter of mkfs's release.
 */
const MAKERS: Readonly<Record<FileSystem, (spec: FileSystemSpec) => string>> = {
  ext4: () => 'mkfs.ext4 -F -q -b 4096 -O ^has_journal -E stride=512,stripe_width=512',
  xfs: ({ rmapbt }) =>
    `mkfs.xfs -f -q -b size=4096 -m reflink=1,rmapbt=${rmapbt ? 1 : 0} -d su=2m,sw=1,agcount=2`,
};

/** The name of the virtio-serial port that the agent is on. */
export const AGENT_PORT = 'daxlab.agent';

/** What the script's reports on the console begin with. */
export const REPORT = 'daxlab: ';

/** Where the agent finds device i: the character device, or the folder that the file system is mounted on. */
export function devicePath({ kind }: DeviceSpec, index: number): string {
  return kind === 'devdax' ? `/dev/dax${index}.0` : `/dax${index}`;
}

/**
 * The script that the kernel starts: loads modules, makes the devices, says on the console what it found, and hands over
 * to the agent. Its reports:
 *
 * ```
 * daxlab: release RELEASE
 * daxlab: device INDEX PATH BYTES
 * daxlab: agent starts
 * daxlab: agent ended with STATUS
 * daxlab: failed: WHAT
 * ```
 *
 * They go through the kernel's log, where lines stay whole.
 */
export function initScript({ modules, devices }: InitTasks): string {
  const paths = devices.map(devicePath);
  return `#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
report() { echo "<3>${REPORT}$*" >/dev/kmsg; }
fail() { report "failed: $*"; poweroff -f; }
try() { "$@" >/tmp/said 2>&1 || { cat /tmp/said >/dev/kmsg; fail "$*"; }; }
wait_for() {
  for i in $(seq 300); do
    if eval "$1"; then return 0; fi
    sleep 0.1
  done
  fail "$2"
}

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
report "release $(uname -r)"

${modules.map((words) => `try insmod /modules/${words}`).join('\n')}

${devices.map(deviceSteps).join('\n')}
find_port() {
  for name in /sys/class/virtio-ports/*/name; do
    [ "$(cat "$name" 2>/dev/null)" = ${AGENT_PORT} ] || continue
    port=$(basename "$(dirname "$name")")
    state=/sys/kernel/debug/virtio-ports/$port
    [ ! -e "$state" ] || grep -q 'host_connected: 1' "$state" || continue
    [ -c "/dev/$port" ] && return 0
  done
  return 1
}
wait_for find_port "there is no channel to the agent"
exec 3<>"/dev/$port" || fail "the channel cannot be opened"
report "agent starts"
/agent ${paths.join(' ')} <&3 >&3 2>/dev/kmsg
report "agent ended with $?"
poweroff -f
`;
}

function deviceSteps(device: DeviceSpec, index: number): string {
  const namespace = `namespace${index}.0`;
  const path = devicePath(device, index);
  const isCharacterDevice = device.kind === 'devdax';
  const node = isCharacterDevice ? path : `/dev/pmem${index}`;
  const mode = isCharacterDevice ? `--mode=devdax --align=${device.align}` : '--mode=fsdax';
  const size = isCharacterDevice
    ? `cat /sys/bus/dax/devices/dax${index}.0/size`
    : `blockdev --getsize64 ${node}`;
  return `wait_for '[ -e /sys/bus/nd/devices/${namespace} ]' "there is no ${namespace}"
try ndctl create-namespace -f -e ${namespace} ${mode} --map=mem
wait_for '[ -e ${node} ]' "there is no ${node}"
${isCharacterDevice ? '' : mountSteps(device, node, path)}report "device ${index} ${path} $(${size})"
`;
}

function mountSteps(spec: FileSystemSpec, node: string, path: string): string {
  return `try ${MAKERS[spec.fileSystem](spec)} ${node}
mkdir ${path}
try mount -t ${spec.fileSystem} -o dax=always ${node} ${path}
`;
}
