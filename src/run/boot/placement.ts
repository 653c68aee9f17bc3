import { ANON_END_PFN } from '../../kernel/state/anon_page.ts';
import type { Pfn } from '../../kernel/state/numbers.ts';
import type { Device } from '../../litmus/index.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';

/** Where a device lies in physical memory. */
export interface Placement {
  /** Index of the device in the program; also its number in the kernel. */
  readonly device: number;
  readonly firstFrame: Pfn;
  readonly frames: number;
  /** Pages that one entry of a mapping covers: 1, 512 or 262144. */
  readonly alignFrames: number;
}

/** Frames of a PMD. */
const PMD_FRAMES = 512;

/**
 * Frames that are ordinary memory: the zero page, the huge zero folio, and those of private copies behind it, which the kernel
 * knows by their numbers. Devices begin behind them.
 */
export const MEMORY_FRAMES: number = ANON_END_PFN;

/**
 * Lays the devices out one behind the other, each where its entries can be aligned, with frames in between that
 * belong to nobody, so that a walk over a device's end is noticed. Frame numbers stay small.
 */
export function placeDevices(devices: readonly Device[]): Placement[] {
  let free = MEMORY_FRAMES;
  return devices.map((device) => {
    const alignFrames = device.align / PAGE_SIZE;
    const firstFrame = roundUp(free, Math.max(alignFrames, PMD_FRAMES));
    const frames = device.size / PAGE_SIZE;
    free = firstFrame + frames + 1;
    return { device: device.index, firstFrame, frames, alignFrames };
  });
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
