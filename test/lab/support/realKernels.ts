import { findProgram } from '../../../src/lab/initramfs/hostPrograms.ts';
import { cachedKernel, kernelCache } from '../../../src/lab/kernels/kernelCache.ts';
import type { KernelImage } from '../../../src/lab/kernels/kernelImage.ts';
import { parseWanted } from '../../../src/lab/kernels/release.ts';

/** What tests with real kernels need here; what is missing is in the name of the tests that are then skipped. */
const PROGRAMS = ['qemu-system-x86_64', 'busybox', 'ndctl', 'cc', 'zstd', 'xz'];

/** The newest kernel of a line that is in the cache; null when there is none. */
export function kernelOf(version: string): KernelImage | null {
  const wanted = parseWanted(version);
  return wanted === null ? null : cachedKernel(kernelCache(process.env), wanted);
}

/** Why no kernel of the line can be booted here; null when it can. */
export function whyNotBooted(version: string, programs: readonly string[] = PROGRAMS): string | null {
  const missing = programs.filter((name) => findProgram(name) === null);
  if (missing.length > 0) return `there is no ${missing.join(', ')}`;
  return kernelOf(version) === null ? `kernel ${version} is not fetched` : null;
}

/** A test's name with the reason for which it is skipped, if it is. */
export function named(name: string, reason: string | null): string {
  return reason === null ? name : `${name} (skipped: ${reason})`;
}
