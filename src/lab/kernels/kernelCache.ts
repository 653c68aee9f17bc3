import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { LabError } from '../labError.ts';
import { isRunning } from '../process/isRunning.ts';
import { imageIn, type KernelImage } from './kernelImage.ts';
import { compareReleases, newestWanted, type WantedKernel } from './release.ts';

/** Where daxlab keeps kernels, one folder a release. A folder that has its release's name is always whole. */
export interface KernelCache {
  readonly folder: string;
}

const STAGING = /^\.fetch-(\d+)$/;

/** Lies in each kernel's folder; written last. */
const MARK = 'whole';

/** The cache of the user whose environment this is. */
export function kernelCache(environment: Readonly<Record<string, string | undefined>>): KernelCache {
  const xdg = environment.XDG_CACHE_HOME ?? '';
  const home = environment.HOME ?? homedir();
  return { folder: join(isAbsolute(xdg) ? xdg : join(home, '.cache'), 'daxlab', 'kernels') };
}

/** The kernels that are there, from old to new. */
export function cachedKernels(cache: KernelCache): KernelImage[] {
  return entriesOf(cache)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => imageIn(join(cache.folder, name), name))
    .filter(
      ({ vmlinuz, modules }) =>
        existsSync(join(vmlinuz, '..', MARK)) && existsSync(vmlinuz) && existsSync(modules),
    )
    .sort((a, b) => compareReleases(a.release, b.release));
}

/** The newest kernel of those wanted that is there; null when there is none. */
export function cachedKernel(cache: KernelCache, wanted: WantedKernel): KernelImage | null {
  const kernels = cachedKernels(cache);
  const release = newestWanted(
    kernels.map((kernel) => kernel.release),
    wanted,
  );
  return kernels.find((kernel) => kernel.release === release) ?? null;
}

/**
 * An empty folder in the cache for this process to prepare a kernel in.
 *
 * @throws LabError when nothing can be written there
 */
export function makeStaging(cache: KernelCache): string {
  const staging = join(cache.folder, `.fetch-${process.pid}`);
  try {
    mkdirSync(cache.folder, { recursive: true });
    removeAbandoned(cache);
    remove(staging);
    mkdirSync(staging);
  } catch (error) {
    const reason = (error as Error).message;
    throw new LabError(`the cache cannot be written: ${reason}; XDG_CACHE_HOME may name another folder`);
  }
  return staging;
}

/** Removes what fetches that were killed have left in the cache, as far as it can be removed. */
export function removeAbandoned(cache: KernelCache): void {
  for (const { name } of entriesOf(cache)) {
    const owner = STAGING.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    try {
      remove(join(cache.folder, name));
    } catch {
      // Not ours, or on a disk that cannot be written: it disturbs nobody.
    }
  }
}

/** Puts a prepared folder in its place, at once; when somebody else was faster, theirs stays. */
export function adopt(cache: KernelCache, prepared: string, release: string): KernelImage {
  const place = join(cache.folder, release);
  writeFileSync(join(prepared, MARK), '');
  const there = cachedKernels(cache).find((kernel) => kernel.release === release);
  if (there !== undefined) return there;
  remove(place);
  renameSync(prepared, place);
  return imageIn(place, release);
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function entriesOf(cache: KernelCache): Dirent[] {
  const isThere = statSync(cache.folder, { throwIfNoEntry: false })?.isDirectory() === true;
  return isThere ? readdirSync(cache.folder, { withFileTypes: true }) : [];
}
