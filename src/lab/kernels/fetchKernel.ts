import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../labError.ts';
import { explainNoRoom, noRoomError, roomIn } from '../noRoom.ts';
import { type CommandRunner, runCommand } from '../process/runCommand.ts';
import { configuredArchives, privateApt } from './debianArchive.ts';
import { adopt, cachedKernels, type KernelCache, makeStaging } from './kernelCache.ts';
import type { KernelImage } from './kernelImage.ts';
import {
  download,
  type KernelPackage,
  listKernels,
  type PackageSource,
  packagesOf,
  updateLists,
} from './kernelPackages.ts';
import { compareReleases, newestWanted, type WantedKernel } from './release.ts';
import { unpackKernel } from './unpackKernel.ts';

/** How far a fetch is; the percentage is that of its stage. */
export interface FetchProgress {
  readonly stage: 'lists' | 'download' | 'unpack';
  /** The kernel's release, once it is known. */
  readonly release: string | null;
  readonly percent: number | null;
}

/** What a fetch works with besides the version. */
export interface FetchOptions {
  readonly cache: KernelCache;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Stands in for this machine's commands. */
  readonly run?: CommandRunner;
  /** Stands in for what this machine's os-release file says. */
  readonly osRelease?: string;
}

/** A fetched kernel. */
export interface Fetched {
  readonly image: KernelImage;
  /** False when it was in the cache before. */
  readonly isNew: boolean;
}

/** The user's way to another cache. */
const SETTING = 'XDG_CACHE_HOME';

/** What the archive's lists, a kernel's packages and the unpacked kernel take together. */
const NEEDED_BYTES = 500 * 2 ** 20;

/** The archive has no such kernel. */
export class UnknownKernelError extends LabError {}

/**
 * Gets the newest wanted kernel of the archive that this machine's apt is set up for, unless it is in the cache. An
 * interrupt leaves nothing behind in the cache; what is left behind by a crash is never taken for a kernel, and removed by
 * the next fetch.
 *
 * @throws LabError when the kernel cannot be had; the signal's reason when aborted
 */
export async function fetchKernel(wanted: WantedKernel, options: FetchOptions): Promise<Fetched> {
  const named = cachedKernels(options.cache).find(
    ({ release }) => !wanted.newest && release === wanted.release,
  );
  if (named !== undefined) return { image: named, isNew: false };
  return inStaging(options, async (source, staging) => {
    const { cache, onProgress = ignore, run = runCommand, signal } = options;
    const chosen = await choose(wanted, source, onProgress);
    const { release } = chosen;
    const there = cachedKernels(cache).find((kernel) => kernel.release === release);
    if (there !== undefined) return { image: there, isNew: false };

    const packages = join(staging, 'packages');
    const target = join(staging, 'kernel');
    mkdirSync(packages);
    onProgress({ stage: 'download', release, percent: null });
    await download(source, await packagesOf(source, chosen), packages, (percent) =>
      onProgress({ stage: 'download', release, percent }),
    );
    onProgress({ stage: 'unpack', release, percent: null });
    await unpackKernel({ run, packages, release, target, ...(signal === undefined ? {} : { signal }) });
    return { image: adopt(cache, target, release), isNew: true };
  });
}

/** The releases that the archive has, from old to new. */
export async function availableReleases(options: FetchOptions): Promise<string[]> {
  return inStaging(options, async (source) => {
    const { kernels } = await archiveKernels(source, options.onProgress ?? ignore);
    return kernels.map(({ release }) => release).sort(compareReleases);
  });
}

async function inStaging<T>(
  { cache, run = runCommand, signal, osRelease }: FetchOptions,
  work: (source: PackageSource, staging: string) => Promise<T>,
): Promise<T> {
  let staging: string | null = null;
  try {
    const archives = await configuredArchives(run, osRelease);
    staging = makeStaging(cache);
    if (roomIn(staging) < NEEDED_BYTES) throw noRoomError(cache.folder, SETTING);
    const apt = privateApt(join(staging, 'apt'), archives);
    return await work({ run, options: apt, ...(signal === undefined ? {} : { signal }) }, staging);
  } catch (error) {
    throw staging === null ? error : explainNoRoom(error, cache.folder, SETTING);
  } finally {
    if (staging !== null) rmSync(staging, { recursive: true, force: true });
  }
}

async function choose(
  wanted: WantedKernel,
  source: PackageSource,
  onProgress: (progress: FetchProgress) => void,
): Promise<KernelPackage> {
  const { kernels, trouble } = await archiveKernels(source, onProgress);
  const releases = kernels.map(({ release }) => release);
  const newest = newestWanted(releases, wanted);
  const chosen = kernels.find(({ release }) => release === newest);
  if (chosen !== undefined) return chosen;
  const name = wanted.newest ? 'at all' : wanted.release;
  const hint = trouble === '' ? `it has ${linesOfKernels(releases)}` : `apt says: ${trouble}`;
  throw new UnknownKernelError(`the archive has no kernel ${name}; ${hint}`);
}

async function archiveKernels(
  source: PackageSource,
  onProgress: (progress: FetchProgress) => void,
): Promise<{ kernels: KernelPackage[]; trouble: string }> {
  onProgress({ stage: 'lists', release: null, percent: null });
  const trouble = await updateLists(source, (percent) =>
    onProgress({ stage: 'lists', release: null, percent }),
  );
  const kernels = await listKernels(source);
  if (kernels.length === 0)
    throw new LabError(`apt finds no kernel: ${trouble === '' ? 'its lists have none' : trouble}`);
  return { kernels, trouble };
}

/** `6.12, 6.16, 7.3`, from old to new. */
function linesOfKernels(releases: readonly string[]): string {
  const lines = [...releases]
    .sort(compareReleases)
    .map((release) => /^\d+\.\d+/.exec(release)?.[0] ?? release);
  return [...new Set(lines)].join(', ');
}

function ignore(): void {}
