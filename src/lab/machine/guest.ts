import type { Duplex } from 'node:stream';
import type { KernelImage } from '../kernels/kernelImage.ts';
import type { KernelReport } from './kernelReports.ts';
import type { Accelerator } from './qemuCommand.ts';

export type Alignment = '4K' | '2M' | '1G';
export type FileSystem = 'ext4' | 'xfs';

/** A device that the guest shall have; each gets a region of persistent memory of its own. */
export type DeviceSpec =
  | { readonly kind: 'devdax'; readonly align: Alignment; readonly bytes: number }
  | FileSystemSpec;

export interface FileSystemSpec {
  readonly kind: 'fsdax';
  readonly fileSystem: FileSystem;
  /** Whether an xfs has a map from blocks to the files that have them; false on ext4. */
  readonly rmapbt: boolean;
  readonly bytes: number;
}

/** What to boot, and how long to wait for it. */
export interface BootSpec {
  readonly kernel: KernelImage;
  /**
   * Path of a static program for x86-64 Linux. It runs as root with the channel as its standard input and output, the
   * kernel's log (so the console) as its standard error, and the devices' paths as its arguments. When it ends, the guest powers off.
   */
  readonly agent: string;
  /** Device i becomes `/dev/dax<i>.0`, or a file system on `/dev/pmem<i>` that is mounted with `dax=always` at `/dax<i>`. */
  readonly devices: readonly DeviceSpec[];
  /** Virtual CPUs; 2 unless given. */
  readonly processors?: number;
  /** An emulated processor unless given. */
  readonly accelerator?: Accelerator;
  /** Modules besides the ones that the devices need, with their parameters: `nbd nbds_max=1`. */
  readonly modules?: readonly string[];
  /** Words to add to the kernel's command line. */
  readonly commandLine?: readonly string[];
  /** Milliseconds without a sign of life on the console after which the boot counts as hung; 60,000 unless given. */
  readonly silenceLimit?: number;
  /** Takes every line of the console as it comes. */
  readonly onConsole?: (line: string) => void;
  /** Ends the boot, or the guest, when aborted. */
  readonly signal?: AbortSignal;
}

/** One device of a guest that runs. */
export interface GuestDevice {
  /** `/dev/dax0.0`, or the mount point `/dax0`. */
  readonly path: string;
  /** Size as the guest sees it: of the character device, or of the file system's block device. */
  readonly bytes: number;
  /** Physical address of the region's first byte in the guest; the device's page 0 comes after its info block. */
  readonly regionStart: number;
  readonly regionBytes: number;
}

/** A run of guest-physical memory, and where it lies in the RAM file. */
export interface RamExtent {
  readonly physicalAddress: number;
  readonly fileOffset: number;
  readonly bytes: number;
}

export type GuestEnd =
  /** The agent ended with this exit status (128 and more: by a signal), or null if the guest was shut down otherwise. */
  | { readonly how: 'powered off'; readonly agentStatus: number | null }
  | { readonly how: 'panicked'; readonly line: string }
  /** Nothing came for too long, or the user of the guest called it hung. */
  | { readonly how: 'hung'; readonly reason: string }
  /** QEMU went away by itself; the reason is what it wrote. */
  | { readonly how: 'lost'; readonly reason: string }
  /** By `dispose` or the signal. */
  | { readonly how: 'disposed' };

/** A real kernel that runs, with its agent started and its devices there. */
export interface Guest {
  /** What the kernel itself says that it is. */
  readonly release: string;
  /** QEMU's memory of the guest, shared: reading it shows what the guest has there now. Gone when it ended. */
  readonly ramFile: string;
  readonly ramBytes: number;
  readonly ramExtents: readonly RamExtent[];
  readonly devices: readonly GuestDevice[];
  /** The bytes to and from the agent's standard input and output. */
  readonly channel: Duplex;
  /** The last lines of the console, oldest first. */
  consoleTail(): readonly string[];
  /** Warnings, oopses and stalls that the kernel reported so far. */
  readonly reports: readonly KernelReport[];
  /** Fulfilled when the guest is gone, for whatever reason; never rejected. */
  readonly ended: Promise<GuestEnd>;
  /** Stops the virtual CPUs, for a consistent look at the RAM file, and lets them go on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Stops the guest for good, so that others can go on from where it stands. Nothing may be under way between us and its
   * agent. Rejects with a `LabError` when QEMU cannot do that.
   */
  freeze(): Promise<FrozenGuest>;
  /** For who waits in vain for the agent: ends the guest, which then counts as hung for the reason given. */
  declareHung(reason: string): void;
  /** Ends the guest at once, if it runs, and removes all that it had on this machine. May be called again. */
  dispose(): Promise<void>;
}

/** A guest that stands still, for others to begin as it. */
export interface FrozenGuest {
  /**
   * Another guest, with memory and a channel of its own, that goes on where this one stands: its agent has said already what
   * it says at its start. It belongs to the caller. Rejects with a `LabError`, or with the signal's reason.
   */
  thaw(signal?: AbortSignal): Promise<Guest>;
  /** Ends it; those that were thawed go on. */
  dispose(): Promise<void>;
}

/** Boots a guest; it belongs to the caller, who disposes of it. Rejects with a `LabError`. */
export type BootGuest = (spec: BootSpec) => Promise<Guest>;
