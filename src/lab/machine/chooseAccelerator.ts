import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../labError.ts';
import type { CommandRunner } from '../process/runCommand.ts';
import { type Accelerator, PROCESSOR, QEMU } from './qemuCommand.ts';

const KVM = '/dev/kvm';

/** Milliseconds within which the trial guest answers where KVM works. */
const DEADLINE = 5000;

const FIRMWARE_BYTES = 65_536;

/** Where a processor begins: 16 bytes before the end of the firmware. */
const ENTRY = FIRMWARE_BYTES - 16;

const EXIT_PORT = 0xf4;
const ANSWER = 0x31;

/** What QEMU makes of a number that is written to its exit port. */
export const ANSWERED: number = (ANSWER << 1) | 1;

/** A guest that writes a number to QEMU's exit port, and halts: mov al, ANSWER; out EXIT_PORT, al; hlt. */
export function trialFirmware(): Uint8Array {
  const firmware = new Uint8Array(FIRMWARE_BYTES);
  firmware.set([0xb0, ANSWER, 0xe6, EXIT_PORT, 0xf4], ENTRY);
  return firmware;
}

/** The words that start the trial guest. */
export function trialCommand(accelerator: Accelerator, firmware: string): [string, ...string[]] {
  return [
    QEMU,
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', 'pc', '-accel', accelerator, '-cpu', PROCESSOR, '-m', '16M'],
    ...['-bios', firmware.replaceAll(',', ',,')],
    ...['-device', `isa-debug-exit,iobase=${EXIT_PORT},iosize=1`],
  ];
}

/**
 * KVM where a guest answers under it, an emulated processor where there is no KVM or it fails. Tried anew each time: what hung
 * yesterday may work today, and the other way round.
 */
export async function chooseAccelerator(
  run: CommandRunner,
  signal?: AbortSignal,
  device: string = KVM,
): Promise<Accelerator> {
  if (!existsSync(device)) return 'tcg';
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-'));
  const firmware = join(folder, 'firmware');
  try {
    writeFileSync(firmware, trialFirmware());
    const { status } = await run({
      words: trialCommand('kvm', firmware),
      silenceLimit: DEADLINE,
      ...(signal === undefined ? {} : { signal }),
    });
    return status === ANSWERED ? 'kvm' : 'tcg';
  } catch (error) {
    if (error instanceof LabError) return 'tcg';
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
