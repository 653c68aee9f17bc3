import { cachedKernel, kernelCache } from '../../lab/kernels/kernelCache.ts';
import type { KernelImage } from '../../lab/kernels/kernelImage.ts';
import { userKernel } from '../../lab/kernels/userKernel.ts';
import { LabError } from '../../lab/labError.ts';
import type { Host } from '../host.ts';
import { wantedKernel } from '../kernel/executeKernelFetch.ts';
import { UsageError } from '../usageError.ts';
import type { KernelRunOptions } from './options.ts';

/**
 * The kernels that the tests shall run on, each once.
 * @throws {LabError} if one of them was not fetched
 * @throws {UsageError} if a file that is given for one is none
 */
export function kernelsFor(options: KernelRunOptions, host: Host): KernelImage[] {
  const { kernel, vmlinuz, modules } = options;
  if ((vmlinuz === undefined) !== (modules === undefined)) {
    throw new UsageError(
      '--vmlinuz and --modules go together: a kernel without its modules has no DAX devices',
    );
  }
  const own = vmlinuz === undefined || modules === undefined ? [] : [kernelOf(vmlinuz, modules)];
  if (kernel === undefined && own.length === 0) {
    throw new UsageError(
      'which kernel? Give --kernel with versions, such as 6.12,newest, or --vmlinuz and --modules',
    );
  }
  const cache = kernelCache(host.environment);
  const versions = kernel === undefined ? [] : kernel.split(',');
  const cached = versions.map((version) => {
    const image = cachedKernel(cache, wantedKernel(version));
    if (image !== null) return image;
    throw new LabError(`kernel ${version} is not here: "daxlab kernel fetch ${version}" gets it`);
  });
  const all = [...own, ...cached];
  return all.filter(
    ({ vmlinuz: path }, position) => all.findIndex((other) => other.vmlinuz === path) === position,
  );
}

/** @throws {UsageError} if the paths lead to no kernel with its modules */
function kernelOf(vmlinuz: string, modules: string): KernelImage {
  try {
    return userKernel(vmlinuz, modules);
  } catch (error) {
    if (error instanceof LabError) throw new UsageError(error.message);
    throw error;
  }
}
