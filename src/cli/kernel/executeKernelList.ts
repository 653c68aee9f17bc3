import { availableReleases } from '../../lab/kernels/fetchKernel.ts';
import { cachedKernels, kernelCache } from '../../lab/kernels/kernelCache.ts';
import { schemeOf } from '../../lab/kernels/release.ts';
import { type ExitStatus, OK } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { kernelDocument, kernelEntry } from './kernelEntry.ts';
import { labWork } from './labWork.ts';
import type { JsonOption } from './options.ts';

/** Lists the kernels of the cache and, when asked to, those of the archive. */
export async function executeKernelList(
  options: JsonOption & { readonly available?: true },
  host: Host,
): Promise<ExitStatus> {
  return labWork(host, async (signal) => {
    const cache = kernelCache(host.environment);
    const kernels = cachedKernels(cache).map(kernelEntry);
    const available = options.available ? await availableReleases({ cache, signal }) : null;
    if (options.json) {
      host.out(kernelDocument('kernel list', { kernels, ...(available === null ? {} : { available }) }));
      return OK;
    }
    for (const { release, scheme, folder } of kernels) host.out(lineOf(release, scheme, folder));
    if (kernels.length === 0)
      host.err(`no kernel in ${cache.folder}: "daxlab kernel fetch newest" gets one\n`);
    for (const release of available ?? []) host.out(lineOf(release, schemeOf(release), 'in the archive'));
    return OK;
  });
}

function lineOf(release: string, scheme: string, place: string): string {
  return `${release.padEnd(26)} ${scheme.padEnd(8)}  ${place}\n`;
}
