import { AGENT_PORT } from '../initramfs/initScript.ts';
import type { MemoryLayout } from './memoryLayout.ts';

/** The program that is the guest's machine. */
export const QEMU = 'qemu-system-x86_64';

/** Page tables of five levels are not what the model has, nor what readers of the memory expect. */
export const PROCESSOR = 'max,la57=off';

/** What every kernel is told: where to report, to end on a panic, and to spare itself what only takes time here. */
const COMMAND_LINE = [
  'console=ttyS0',
  'earlyprintk=ttyS0',
  'panic=-1',
  'printk.devkmsg=on',
  'mitigations=off',
  // Debian's 7.x kernels force access to /proc/PID/mem for tracers only; older ones cannot be told, and always do.
  'proc_mem.force_override=always',
];

/** What executes the guest's instructions: an emulated processor, or that of this machine. */
export type Accelerator = 'tcg' | 'kvm';

/** What a machine is made of; all paths are on this machine. */
export interface MachineParts {
  /** A bzImage, or an ELF file that QEMU can enter directly. */
  readonly image: string;
  readonly initramfs: string;
  readonly ramFile: string;
  readonly layout: MemoryLayout;
  readonly processors: number;
  readonly accelerator: Accelerator;
  /** Unix sockets that we listen on: the channel to the agent, and QEMU's monitor. */
  readonly agentSocket: string;
  readonly monitorSocket: string;
  readonly commandLine: readonly string[];
  /** Whether it waits to be told, over the monitor, where a machine is that it shall go on as; false: it boots. */
  readonly isIncoming: boolean;
}

/** The words that start the machine, with the guest's console as standard output. */
export function qemuCommand(parts: MachineParts): [string, ...string[]] {
  const { layout, processors, ramFile } = parts;
  const memory = { size: String(layout.ramBytes), 'mem-path': quoted(ramFile), share: 'on' };
  return [
    QEMU,
    '-nodefaults',
    '-no-user-config',
    '-no-reboot',
    ...['-display', 'none'],
    ...['-machine', 'pc,memory-backend=ram'],
    ...['-accel', parts.accelerator],
    ...['-cpu', PROCESSOR],
    ...['-smp', String(processors)],
    ...['-m', `${layout.ramBytes / 2 ** 20}M`],
    ...['-object', `memory-backend-file,id=ram,${properties(memory)}`],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...[
      '-chardev',
      `socket,id=monitor,path=${quoted(parts.monitorSocket)}`,
      '-mon',
      'chardev=monitor,mode=control',
    ],
    ...['-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=agent,path=${quoted(parts.agentSocket)}`],
    ...['-device', `virtserialport,chardev=agent,name=${AGENT_PORT}`],
    ...['-kernel', parts.image, '-initrd', parts.initramfs],
    ...['-append', kernelCommandLine(parts)],
    ...(parts.isIncoming ? ['-incoming', 'defer'] : []),
  ];
}

function kernelCommandLine({ layout, commandLine }: MachineParts): string {
  const regions = layout.regions.map(({ start, bytes }) => `memmap=${bytes / 2 ** 20}M!${start / 2 ** 20}M`);
  return [...COMMAND_LINE, ...regions, ...commandLine].join(' ');
}

function properties(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** QEMU takes a comma for the end of a value unless it is doubled. */
function quoted(value: string): string {
  return value.replaceAll(',', ',,');
}
