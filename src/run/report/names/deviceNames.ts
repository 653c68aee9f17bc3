import { FS_EXT4, FS_XFS } from '../../../kernel/state/inode.ts';
import { MEMORY_DEVICE_FS_DAX, MEMORY_DEVICE_GENERIC } from '../../../kernel/state/memmap.ts';
import type { Places } from './places.ts';
import { orNone, type StructNames } from './structNames.ts';

/** `ref` is what conditions call the references beyond the pgmap's own; the word counts all. */
const PGMAP_FIELDS: Readonly<Record<string, string>> = { ref: 'percpu_ref' };

const FILE_SYSTEMS: readonly (readonly [kind: number, name: string])[] = [
  [FS_EXT4, 'ext4'],
  [FS_XFS, 'xfs'],
];

/** MEMORY_DEVICE_ types by their names. */
const MEMORY_TYPES: readonly (readonly [type: number, name: string])[] = [
  [MEMORY_DEVICE_FS_DAX, 'fs_dax'],
  [MEMORY_DEVICE_GENERIC, 'generic'],
];

/** Devices, their drivers and their file systems. */
export function deviceNames(places: Places): Record<string, StructNames> {
  return {
    dev_pagemap: {
      value: (value, field) =>
        field === 'type' ? (MEMORY_TYPES.find(([type]) => type === value)?.[1] ?? value) : value,
      word: (device, field) => `${places.device(device)}.pgmap.${PGMAP_FIELDS[field] ?? field}`,
    },
    dev_dax: { word: (device, field) => `${places.device(device)}.${field}` },
    dax_device: {
      word: (device, field) => `${places.device(device)}.dax_device.${field}`,
      value: (value, field) => (field === 'flags' ? orNone(value, () => 'alive') : value),
    },
    super_block: {
      word: (device, field) => `${places.device(device)}.super.${field}`,
      value: (value, field) =>
        field === 's_type' ? (FILE_SYSTEMS.find(([kind]) => kind === value)?.[1] ?? 'none') : value,
    },
    gendisk: { word: (device, field) => `${places.device(device)}.disk.${field}` },
    mount: { word: (device, field) => `${places.device(device)}.mount.${field}` },
    memory_failure_state: { word: (_, field) => field },
  };
}
