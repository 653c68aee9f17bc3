import type { Scheme } from '../../litmus/index.ts';
import { AgentConnection } from '../agent/agentConnection.ts';
import { SYSTEM_CALLS } from '../agent/systemCalls.ts';
import { ThreadCalls } from '../agent/threadCalls.ts';
import { schemeOf } from '../kernels/release.ts';
import { LabError } from '../labError.ts';
import type { BootGuest, BootSpec, DeviceSpec, Guest } from '../machine/guest.ts';
import { hasFallen } from '../machine/kernelReports.ts';
import { driverOf } from './driver.ts';
import type { TestFiles } from './files/testFiles.ts';
import { type InspectedGuest, inspectGuest } from './inspectedReader.ts';
import type { KernelSetting } from './kernelSetting.ts';
import { MAP, O_RDWR, PROTECTIONS } from './operations/constants.ts';
import type { TestDevice } from './world.ts';

/** The agent's disk: a network block device, of which one is enough. */
const DISK_MODULE = 'nbd nbds_max=1 max_part=0';

/** Where the errand process maps a device; nothing else is there. */
const ERRAND_ADDRESS = 0x100000000000;

/** What is known of a kernel once it has booted, and stays so in every guest that begins as that one. */
interface Findings {
  readonly scheme: Scheme;
  readonly disk: string | null;
  /** Frames of the devices' first pages. */
  readonly firstFrames: readonly number[];
  /** Bytes of the devices' alignments. */
  readonly alignments: readonly number[];
}

/** A booted kernel that stands still, for others to begin as it. */
export interface FrozenKernel {
  thaw(signal?: AbortSignal): Promise<BootedKernel>;
  dispose(): Promise<void>;
}

/** A kernel that runs in QEMU, its agent ready for tests. */
export class BootedKernel {
  readonly setting: KernelSetting;
  private readonly guest: Guest;
  private readonly memory: InspectedGuest;
  private readonly findings: Findings;

  private constructor(guest: Guest, agent: AgentConnection, memory: InspectedGuest, findings: Findings) {
    const { release, devices, reports } = guest;
    const { scheme, disk, firstFrames } = findings;
    this.guest = guest;
    this.memory = memory;
    this.findings = findings;
    this.setting = { agent, release, scheme, disk, devices, reports, reader: memory.reader(firstFrames) };
  }

  /** Boots a kernel, and finds its devices' frames. */
  static async boot(spec: BootSpec, bootGuest: BootGuest): Promise<BootedKernel> {
    const guest = await bootGuest({ ...spec, modules: [DISK_MODULE, ...(spec.modules ?? [])] });
    let memory: InspectedGuest | null = null;
    try {
      const agent = connectionTo(guest);
      const { disk } = await agent.hello();
      memory = inspectGuest(guest.ramFile, guest.ramExtents);
      const alignments = spec.devices.map((device) =>
        device.kind === 'devdax' ? BYTES[device.align] : 4096,
      );
      const firstFrames: number[] = [];
      await agent.process(0);
      for (const [index, { path }] of guest.devices.entries()) {
        firstFrames.push(await firstFrameOf(agent, spec.devices[index]?.kind ?? 'devdax', path));
      }
      await agent.clear();
      const scheme = schemeOf(guest.release);
      return new BootedKernel(guest, agent, memory, { scheme, disk, firstFrames, alignments });
    } catch (error) {
      // A file that is open keeps its gigabytes after its folder is gone.
      memory?.close();
      await guest.dispose();
      throw error;
    }
  }

  /** Stops it for good, before any test, so that others can begin as it; it belongs to what is returned. */
  async freeze(): Promise<FrozenKernel> {
    const { findings, memory } = this;
    const frozen = await this.guest.freeze();
    return {
      thaw: async (signal) => {
        const guest = await frozen.thaw(signal);
        try {
          return new BootedKernel(guest, connectionTo(guest), memory.inCopy(guest.ramFile), findings);
        } catch (error) {
          await guest.dispose();
          throw error;
        }
      },
      dispose: async () => await this.dispose(),
    };
  }

  /** The last lines of its console. */
  get consoleTail(): readonly string[] {
    return this.guest.consoleTail();
  }

  /** Whether some part of the kernel has given up since it was booted. */
  get hasFallen(): boolean {
    return hasFallen(this.guest.reports);
  }

  /** Whether the kernel has reported a defect since it was booted; a stall may be no more than a slow machine. */
  get isDamaged(): boolean {
    return this.guest.reports.some(({ kind }) => kind !== 'stall');
  }

  /**
   * Ends every process of a test, lets its direct I/O finish, gives its devices their drivers back, fills what it wrote
   * with zeros again and removes its files. False when something is left: then the next test needs another boot.
   */
  async cleanUp(devices: readonly TestDevice[], files: TestFiles): Promise<boolean> {
    const { agent } = this.setting;
    if (devices.some(isSpoilt)) return false;
    if ((await agent.clear()) > 0 || this.isDamaged || !(await this.bindAll(devices))) return false;
    if (!(await files.removeAll())) return false;
    const dirty = devices.map((device) => ({ device, offsets: device.takeDirty() }));
    if (dirty.every(({ offsets }) => offsets.length === 0)) return true;
    await agent.process(0);
    for (const { device, offsets } of dirty) {
      if (offsets.length === 0) continue;
      const place = this.setting.devices.findIndex(({ path }) => path === device.path);
      const align = this.findings.alignments[place] ?? 4096;
      const fd = await callsOf(agent).open(device.path, O_RDWR);
      for (const start of new Set(offsets.map((offset) => offset - (offset % align)))) {
        const address = await map(agent, fd, align, start);
        for (const offset of offsets) {
          if (offset - (offset % align) === start)
            await command(agent, 'zero', address + offset - start, 4096);
        }
        await command(agent, 'syscall', SYSTEM_CALLS.munmap, address, align);
      }
    }
    return (await agent.clear()) === 0;
  }

  /** Binds devices that have lost their drivers; whether all of them then are as after a boot. */
  private async bindAll(devices: readonly TestDevice[]): Promise<boolean> {
    const { agent } = this.setting;
    const unbound = devices.filter(({ wasUnbound }) => wasUnbound);
    if (unbound.length === 0) return true;
    await agent.process(0);
    for (const device of unbound) {
      const { kind, path, firstFrame, isBound } = device;
      const { driver, name } = driverOf(device);
      if (!isBound) await callsOf(agent).put(`${driver}/bind`, name);
      const frame = await firstFrameOf(agent, kind, path);
      if ((await callsOf(agent).open(path, O_RDWR)) < 0 || frame !== firstFrame) return false;
    }
    return (await agent.clear()) === 0 && !this.isDamaged;
  }

  async dispose(): Promise<void> {
    this.memory.close();
    await this.guest.dispose();
  }
}

const BYTES = { '4K': 4096, '2M': 2 ** 21, '1G': 2 ** 30 } as const;

/** A file system does not outlive its device's driver. */
function isSpoilt({ kind, wasTornDown, wasUnbound }: TestDevice): boolean {
  return wasTornDown || (kind === 'fsdax' && wasUnbound);
}

function connectionTo({ channel, reports }: Guest): AgentConnection {
  return new AgentConnection(channel, { hasFallen: () => hasFallen(reports) });
}

/** Frame of a device's first page, as its driver tells it. */
async function firstFrameOf(agent: AgentConnection, kind: DeviceSpec['kind'], path: string): Promise<number> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (await callsOf(agent).numberIn(`${driverOf({ kind, name }).path}/resource`)) / 4096;
}

async function map(agent: AgentConnection, fd: number, length: number, offset: number): Promise<number> {
  const { rw = 3 } = PROTECTIONS;
  const { mmap } = SYSTEM_CALLS;
  return await command(agent, 'syscall', mmap, ERRAND_ADDRESS, length, rw, MAP.SHARED, fd, offset);
}

/** Has the errand process do something that cannot fail in a kernel that works. */
async function command(
  agent: AgentConnection,
  operation: string,
  ...args: readonly (number | string)[]
): Promise<number> {
  const result = await agent.execute(0, { operation, arguments: args });
  if (result === undefined || result < 0) {
    throw new LabError(`the guest cannot ${operation} ${args.join(' ')} (${result ?? 'its process ended'})`);
  }
  return result;
}

/** System calls of the errand process. */
function callsOf(agent: AgentConnection): ThreadCalls {
  return new ThreadCalls(0, (operation, ...args) => command(agent, operation, ...args));
}
