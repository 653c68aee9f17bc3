import { LabError } from '../labError.ts';
import type { CommandRunner } from '../process/runCommand.ts';
import { mainLine } from './debianArchive.ts';

/** What the archive has of one kernel. */
export interface KernelPackage {
  readonly release: string;
  /** The package that stands for the kernel; the kernel itself may be in those it depends on. */
  readonly name: string;
}

/** An archive's packages, as far as apt works in a folder of its own. */
export interface PackageSource {
  readonly run: CommandRunner;
  /** What makes apt work there. */
  readonly options: readonly string[];
  readonly signal?: AbortSignal;
}

/** apt tells how far it is twice a second; it gives up a server by itself sooner, but waits for room for ever. */
const SILENCE_LIMIT = 150_000;

/** Takes how far a download is, in percent. */
export type Percentage = (percent: number) => void;

/**
 * Gets the archive's lists.
 *
 * @returns what apt says went wrong, or ''. A suite that the mirror does not have is no reason to give up.
 */
export async function updateLists(source: PackageSource, onPercent: Percentage): Promise<string> {
  const { status, errors } = await source.run({
    words: ['apt-get', ...source.options, '-qq', 'update'],
    onLine: percentOf(onPercent),
    silenceLimit: SILENCE_LIMIT,
    ...signalOf(source),
  });
  return status === 0 ? '' : mainLine(errors);
}

/** The kernels for x86-64 that the lists have; neither the cloud flavour, which has no DAX, nor the real-time one. */
export async function listKernels(source: PackageSource): Promise<KernelPackage[]> {
  const { output } = await source.run({
    words: [
      'apt-cache',
      ...source.options,
      'search',
      '--names-only',
      '^linux-image-[0-9].*-amd64(-unsigned)?$',
    ],
    ...signalOf(source),
  });
  const names = output
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');
  const packages = new Map<string, KernelPackage>();
  for (const name of names) {
    const [, release, unsigned] = /^linux-image-(\d.*-amd64)(-unsigned)?$/.exec(name) ?? [];
    if (release === undefined || /-(cloud|rt)-amd64$/.test(release)) continue;
    if (unsigned === undefined || !packages.has(release)) packages.set(release, { release, name });
  }
  return [...packages.values()];
}

/** The packages that a kernel's files are in. Newer ones have a package each for the kernel, its modules and their lists. */
export async function packagesOf(source: PackageSource, { name, release }: KernelPackage): Promise<string[]> {
  const { output } = await source.run({
    words: ['apt-cache', ...source.options, 'show', '--no-all-versions', name],
    ...signalOf(source),
  });
  const depends = /^Depends: (.*)$/m.exec(output.toString('utf8'))?.[1] ?? '';
  const parts = depends
    .split(/[,|]/)
    .map((part) => part.trim().split(' ')[0] ?? '')
    .filter((part) => part.endsWith(`-${release}`));
  return [name, ...new Set(parts)];
}

/** Downloads packages into a folder; apt checks them against the signed lists. */
export async function download(
  source: PackageSource,
  names: readonly string[],
  folder: string,
  onPercent: Percentage,
): Promise<void> {
  const { status, errors } = await source.run({
    words: ['apt-get', ...source.options, '-qq', 'download', ...names],
    folder,
    onLine: percentOf(onPercent),
    silenceLimit: SILENCE_LIMIT,
    ...signalOf(source),
  });
  if (status !== 0) throw new LabError(`the kernel cannot be downloaded: ${mainLine(errors)}`);
}

function percentOf(onPercent: Percentage): (line: string) => void {
  return (line) => {
    const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
    if (percent !== undefined) onPercent(Number(percent));
  };
}

function signalOf({ signal }: PackageSource): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
