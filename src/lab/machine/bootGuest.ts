import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../initramfs/hostPrograms.ts';
import { makeInitramfs } from '../initramfs/initramfs.ts';
import { DOCTOR, LabError } from '../labError.ts';
import { explainNoRoom } from '../noRoom.ts';
import { runCommand } from '../process/runCommand.ts';
import { bootImage } from './bootImage.ts';
import { type BootProgress, endText, followBoot } from './bootProgress.ts';
import type { BootGuest, BootSpec, Guest } from './guest.ts';
import { type Listening, listenOn } from './listening.ts';
import { type MachineFolder, makeMachineFolder } from './machineFolder.ts';
import { layOutMemory, type MemoryLayout } from './memoryLayout.ts';
import { openMonitor } from './monitor.ts';
import { QEMU, qemuCommand } from './qemuCommand.ts';
import { type RunningMachine, startMachine } from './runningMachine.ts';

const DEFAULT_PROCESSORS = 2;
const DEFAULT_SILENCE_LIMIT = 60_000;

/** What a guest has on this machine while it runs. */
interface Holdings {
  readonly folder: MachineFolder;
  /** What QEMU boots. */
  readonly image: string;
  readonly ramFile: string;
  readonly agent: Listening;
  readonly monitor: Listening;
}

export const bootGuest: BootGuest = async (spec) => {
  spec.signal?.throwIfAborted();
  if (findProgram(QEMU) === null) throw new LabError(`there is no ${QEMU} on this machine: ${DOCTOR}`);
  const layout = layOutMemory(spec.devices);
  const folder = makeMachineFolder(layout.ramBytes);
  try {
    const { kernel, agent, devices, modules = [] } = spec;
    const initramfs = await makeInitramfs({ kernel, agent, devices, modules }, runCommand);
    writeFileSync(join(folder.path, 'initramfs'), initramfs);
    spec.signal?.throwIfAborted();
    const holdings = {
      folder,
      image: await bootImage(kernel.vmlinuz, join(folder.path, 'vmlinux'), runCommand),
      ramFile: join(folder.path, 'ram'),
      agent: await listenOn(join(folder.path, 'agent')),
      monitor: await listenOn(join(folder.path, 'monitor')),
    };
    return await boot(spec, layout, holdings);
  } catch (error) {
    const explained = explainNoRoom(error, folder.place, 'TMPDIR');
    folder.remove();
    throw explained;
  }
};

async function boot(spec: BootSpec, layout: MemoryLayout, holdings: Holdings): Promise<Guest> {
  const { folder, image, ramFile, agent, monitor } = holdings;
  const progress = followBoot(layout, spec.silenceLimit ?? DEFAULT_SILENCE_LIMIT);
  const words = qemuCommand({
    image,
    initramfs: join(folder.path, 'initramfs'),
    ramFile,
    layout,
    processors: spec.processors ?? DEFAULT_PROCESSORS,
    agentSocket: agent.path,
    monitorSocket: monitor.path,
    commandLine: spec.commandLine ?? [],
  });
  const machine = startMachine(words, folder.path, {
    onLine: (line) => {
      progress.onLine();
      spec.onConsole?.(line);
    },
    onReport: (report) => progress.onReport(report),
  });
  const stop = (): void => machine.end({ how: 'disposed' });
  spec.signal?.addEventListener('abort', stop);
  const release = (): void => {
    spec.signal?.removeEventListener('abort', stop);
    agent.close();
    monitor.close();
    folder.remove();
  };
  void machine.ended.then(release);
  try {
    return await guestOf(machine, progress, layout, holdings);
  } catch (error) {
    stop();
    await machine.ended;
    spec.signal?.throwIfAborted();
    throw error;
  } finally {
    progress.stop();
  }
}

async function guestOf(
  machine: RunningMachine,
  progress: BootProgress,
  layout: MemoryLayout,
  holdings: Holdings,
): Promise<Guest> {
  const { console, ended } = machine;
  const early = ended.then((end) => ({ kind: 'ended', end }) as const);
  const result = await Promise.race([progress.result, early]);
  if (result.kind === 'ended') throw bootError(endText(result.end), machine);
  if (result.kind === 'failed') throw bootError(result.what, machine);
  if (result.kind === 'silent') {
    throw bootError(`nothing came from its console for ${result.seconds} seconds`, machine);
  }
  const channel = await holdings.agent.connected;
  const control = await holdings.monitor.connected;
  if (channel === null || control === null) throw bootError('its machine is gone', machine);
  const monitor = openMonitor(control);
  return {
    release: result.release,
    ramFile: holdings.ramFile,
    ramBytes: layout.ramBytes,
    ramExtents: layout.extents,
    devices: result.devices,
    channel,
    consoleTail: () => console.tail(),
    reports: console.kernelReports,
    ended,
    pause: () => monitor.execute('stop'),
    resume: () => monitor.execute('cont'),
    declareHung: (reason) => machine.end({ how: 'hung', reason }),
    dispose: async () => {
      machine.end({ how: 'disposed' });
      await ended;
    },
  };
}

function bootError(reason: string, { console }: RunningMachine): LabError {
  return new LabError(`the kernel does not get to the agent: ${reason}`, console.tail());
}
