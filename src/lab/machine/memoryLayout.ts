import { LabError } from '../labError.ts';
import type { Alignment, DeviceSpec, FileSystem, RamExtent } from './guest.ts';

/** A stretch of the guest's memory that becomes persistent memory. */
export interface Region {
  readonly start: number;
  readonly bytes: number;
}

/** Where everything is in the guest's memory. */
export interface MemoryLayout {
  readonly regions: readonly Region[];
  readonly ramBytes: number;
  readonly extents: readonly RamExtent[];
}

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

/** Memory for the guest's own use, below all devices. */
const SYSTEM_BYTES = GIBIBYTE;

/** The kernel adds and removes device memory in sections: x86-64 has 128 MiB ones. */
const SECTION_BYTES = 128 * MEBIBYTE;

/** What the tools that make file systems accept, and room for what the file systems keep themselves. */
const LEAST_BYTES: Readonly<Record<FileSystem, number>> = { ext4: 64 * MEBIBYTE, xfs: 320 * MEBIBYTE };

/** QEMU's `pc` machine: memory is in one piece up to here, or else goes on at 4 GiB. */
const LOW_BYTES = 3 * GIBIBYTE;
const HIGH_START = 4 * GIBIBYTE;

const ALIGNMENTS: Readonly<Record<Alignment, number>> = { '4K': 4096, '2M': 2 * MEBIBYTE, '1G': GIBIBYTE };

/**
 * Gives every device a region of its own, with a gap between two, since the kernel takes neighbours for one. A device's
 * info block comes before its page 0, which is aligned, so the region is larger than the device.
 *
 * @throws LabError when a device's size is no positive integer
 */
export function layOutMemory(devices: readonly DeviceSpec[]): MemoryLayout {
  const low = place(devices, SYSTEM_BYTES);
  if (endOf(low) + SECTION_BYTES <= LOW_BYTES) {
    // The firmware's tables are at the end of memory; they must not be in a device.
    const ramBytes = Math.max(endOf(low), SYSTEM_BYTES) + SECTION_BYTES;
    return { regions: low, ramBytes, extents: [{ physicalAddress: 0, fileOffset: 0, bytes: ramBytes }] };
  }
  const high = place(devices, HIGH_START);
  const highBytes = endOf(high) - HIGH_START;
  return {
    regions: high,
    ramBytes: LOW_BYTES + highBytes,
    extents: [
      { physicalAddress: 0, fileOffset: 0, bytes: LOW_BYTES },
      { physicalAddress: HIGH_START, fileOffset: LOW_BYTES, bytes: highBytes },
    ],
  };
}

function place(devices: readonly DeviceSpec[], from: number): Region[] {
  const regions: Region[] = [];
  let next = from;
  for (const device of devices) {
    if (!Number.isSafeInteger(device.bytes) || device.bytes <= 0) {
      throw new LabError(`a device cannot have ${device.bytes} bytes: give it an integer from 1`);
    }
    const alignment = device.kind === 'devdax' ? ALIGNMENTS[device.align] : ALIGNMENTS['2M'];
    const start = roundUp(next, Math.max(alignment, SECTION_BYTES));
    const beforePageZero = Math.max(alignment, ALIGNMENTS['2M']);
    const deviceBytes = Math.max(device.bytes, device.kind === 'fsdax' ? LEAST_BYTES[device.fileSystem] : 0);
    const bytes = roundUp(beforePageZero + roundUp(deviceBytes, alignment), SECTION_BYTES);
    regions.push({ start, bytes });
    next = start + bytes + SECTION_BYTES;
  }
  return regions;
}

function endOf(regions: readonly Region[]): number {
  const last = regions.at(-1);
  return last === undefined ? 0 : last.start + last.bytes;
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
