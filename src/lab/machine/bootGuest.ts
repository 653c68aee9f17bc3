import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../initramfs/hostPrograms.ts';
import { makeInitramfs } from '../initramfs/initramfs.ts';
import { DOCTOR, LabError } from '../labError.ts';
import { explainNoRoom } from '../noRoom.ts';
import { runCommand } from '../process/runCommand.ts';
import { bootImage } from './bootImage.ts';
import { type BootProgress, endText, followBoot } from './bootProgress.ts';
import { freezableGuest } from './frozenGuest.ts';
import type { BootGuest, BootSpec, Guest } from './guest.ts';
import {
  abandon,
  bootError,
  connectionsOf,
  type GuestMachine,
  type MachineModel,
  startGuestMachine,
} from './guestMachine.ts';
import { type MachineFolder, makeMachineFolder } from './machineFolder.ts';
import { layOutMemory, type MemoryLayout } from './memoryLayout.ts';
import { QEMU } from './qemuCommand.ts';

const DEFAULT_PROCESSORS = 2;
const DEFAULT_SILENCE_LIMIT = 60_000;

export const bootGuest: BootGuest = async (spec) => {
  spec.signal?.throwIfAborted();
  if (findProgram(QEMU) === null) throw new LabError(`there is no ${QEMU} on this machine: ${DOCTOR}`);
  const layout = layOutMemory(spec.devices);
  const folder = makeMachineFolder(layout.ramBytes);
  try {
    const { kernel, agent, devices, modules = [] } = spec;
    const initramfs = join(folder.path, 'initramfs');
    writeFileSync(initramfs, await makeInitramfs({ kernel, agent, devices, modules }, runCommand));
    spec.signal?.throwIfAborted();
    const image = await bootImage(kernel.vmlinuz, join(folder.path, 'vmlinux'), runCommand);
    const { processors = DEFAULT_PROCESSORS, accelerator = 'tcg', commandLine = [] } = spec;
    return await boot(spec, folder, {
      image,
      initramfs,
      layout,
      processors,
      accelerator,
      commandLine,
    });
  } catch (error) {
    const explained = explainNoRoom(error, folder.place, 'TMPDIR');
    folder.remove();
    throw explained;
  }
};

async function boot(spec: BootSpec, folder: MachineFolder, model: MachineModel): Promise<Guest> {
  const { layout } = model;
  const progress = followBoot(layout, spec.silenceLimit ?? DEFAULT_SILENCE_LIMIT);
  const events = {
    onLine: (line: string) => {
      progress.onLine();
      spec.onConsole?.(line);
    },
    onReport: progress.onReport,
  };
  const machine = await startGuestMachine(folder, model, false, events, spec.signal);
  try {
    return await guestOf(machine, progress, layout);
  } catch (error) {
    await abandon(machine);
    spec.signal?.throwIfAborted();
    throw error;
  } finally {
    progress.stop();
  }
}

async function guestOf(machine: GuestMachine, progress: BootProgress, layout: MemoryLayout): Promise<Guest> {
  const { running } = machine;
  const early = running.ended.then((end) => ({ kind: 'ended', end }) as const);
  const result = await Promise.race([progress.result, early]);
  if (result.kind === 'ended') throw bootError(endText(result.end), running);
  if (result.kind === 'failed') throw bootError(result.what, running);
  if (result.kind === 'silent') {
    throw bootError(`nothing came from its console for ${result.seconds} seconds`, running);
  }
  const connections = await connectionsOf(machine);
  if (connections === null) throw bootError('its machine is gone', running);
  const { release, devices } = result;
  return freezableGuest(machine, { release, devices, layout }, connections);
}
