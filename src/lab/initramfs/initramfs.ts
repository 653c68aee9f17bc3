import { readFileSync } from 'node:fs';
import type { KernelImage } from '../kernels/kernelImage.ts';
import { DOCTOR, LabError } from '../labError.ts';
import type { DeviceSpec } from '../machine/guest.ts';
import type { CommandRunner } from '../process/runCommand.ts';
import { findProgram, isStaticProgram, withLibraries } from './hostPrograms.ts';
import { initScript } from './initScript.ts';
import { moduleIndex, modulesToLoad } from './kernelModules.ts';
import { type ArchiveEntry, newcArchive } from './newcArchive.ts';

/** What goes into a guest's first file system. */
export interface InitramfsSpec {
  readonly kernel: KernelImage;
  /** Path of the static program to run. */
  readonly agent: string;
  readonly devices: readonly DeviceSpec[];
  /** Modules besides those that every guest needs, with their parameters. */
  readonly modules: readonly string[];
}

/** What every guest loads: each device's driver and the channel to the agent, in the order to load them. */
export const MODULES: readonly string[] = [
  'virtio_pci',
  'virtio_console',
  'libnvdimm',
  'device_dax',
  'dax_pmem',
  'nd_pmem',
  'nd_e820',
];

/** Until Linux 6.13 file systems ask for this by a name of the crypto layer, which no symbol tells. */
const CHECKSUMS = 'crc32c_generic';

const FOLDERS = ['proc', 'sys', 'dev', 'tmp', 'bin'];

/** Packs a guest's first file system; the same machine and the same request give the same bytes. */
export async function makeInitramfs(spec: InitramfsSpec, run: CommandRunner): Promise<Buffer> {
  const { kernel, agent, devices } = spec;
  const fileSystems = [
    ...new Set(devices.flatMap((device) => (device.kind === 'fsdax' ? [device.fileSystem] : []))),
  ];
  const index = moduleIndex(kernel);
  const checksums = fileSystems.length > 0 && index.files.has(CHECKSUMS) ? [CHECKSUMS] : [];
  const requests = [...MODULES, ...checksums, ...fileSystems, ...spec.modules].map((words) =>
    words.split(' '),
  );
  const parametersOf = new Map(requests.map(([name = '', ...parameters]) => [name, parameters]));
  const modules = await modulesToLoad(kernel.release, index, [...parametersOf.keys()], run);
  const script = initScript({
    modules: modules.map(({ name }) => [`${name}.ko`, ...(parametersOf.get(name) ?? [])].join(' ')),
    devices,
  });
  return newcArchive([
    ...FOLDERS.map((path): ArchiveEntry => ({ kind: 'folder', path })),
    { kind: 'characterDevice', path: 'dev/console', major: 5, minor: 1 },
    program('init', Buffer.from(script)),
    program('agent', staticProgram(agent, 'it would not start in the guest')),
    program('bin/busybox', staticBusybox()),
    ...['ndctl', ...fileSystems.map((name) => `mkfs.${name}`)].flatMap((name) =>
      withLibraries(name, `bin/${name}`),
    ),
    ...modules.map(({ name, content }): ArchiveEntry => {
      return { kind: 'file', path: `modules/${name}.ko`, content, executable: false };
    }),
  ]);
}

function staticBusybox(): Buffer {
  const path = findProgram('busybox');
  if (path === null) throw new LabError(`there is no busybox on this machine: ${DOCTOR}`);
  return staticProgram(path, DOCTOR);
}

function staticProgram(path: string, consequence: string): Buffer {
  try {
    if (!isStaticProgram(path)) throw new LabError(`${path} is not a static program: ${consequence}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function program(path: string, content: Buffer): ArchiveEntry {
  return { kind: 'file', path, content, executable: true };
}
