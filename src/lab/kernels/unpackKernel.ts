import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../labError.ts';
import type { CommandRunner } from '../process/runCommand.ts';
import { mainLine } from './debianArchive.ts';
import { imageIn } from './kernelImage.ts';

/** What to unpack, and where. */
export interface UnpackRequest {
  readonly run: CommandRunner;
  readonly signal?: AbortSignal;
  /** Holds the packages as `*.deb`. */
  readonly packages: string;
  readonly release: string;
  /** A folder to make; on return it holds the kernel and its modules, and nothing else. */
  readonly target: string;
}

/** Unpacks a kernel's packages and keeps of them what is needed to boot. */
export async function unpackKernel({ run, signal, packages, release, target }: UnpackRequest): Promise<void> {
  const root = `${target}.all`;
  mkdirSync(root);
  mkdirSync(target);
  for (const name of readdirSync(packages)
    .filter((file) => file.endsWith('.deb'))
    .sort()) {
    const { status, errors } = await run({
      words: ['dpkg-deb', '-x', join(packages, name), root],
      ...(signal === undefined ? {} : { signal }),
    });
    if (status !== 0) throw new LabError(`${name} cannot be unpacked: ${mainLine(errors)}`);
  }
  const { vmlinuz, modules } = imageIn(target, release);
  const itsModules = keptBelow(root, [`usr/lib/modules/${release}`, `lib/modules/${release}`]);
  renameSync(keptBelow(root, [`boot/vmlinuz-${release}`, `usr/lib/modules/${release}/vmlinuz`]), vmlinuz);
  renameSync(itsModules, modules);
  rmSync(root, { recursive: true });
}

/** Where a package may keep a thing: the first place that has it. */
function keptBelow(root: string, places: readonly string[]): string {
  const place = places.find((candidate) => existsSync(join(root, candidate)));
  if (place === undefined) throw new LabError(`the kernel's packages have no ${places.join(' and no ')}`);
  return join(root, place);
}
