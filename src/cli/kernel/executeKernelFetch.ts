import { type FetchProgress, fetchKernel } from '../../lab/kernels/fetchKernel.ts';
import { kernelCache } from '../../lab/kernels/kernelCache.ts';
import { parseWanted, type WantedKernel } from '../../lab/kernels/release.ts';
import { type ExitStatus, OK } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { statusLine } from '../show/statusLine.ts';
import { UsageError } from '../usageError.ts';
import { kernelDocument, kernelEntry } from './kernelEntry.ts';
import { labWork } from './labWork.ts';
import type { JsonOption } from './options.ts';

/** Gets a kernel into the cache. */
export async function executeKernelFetch(
  version: string,
  options: JsonOption,
  host: Host,
): Promise<ExitStatus> {
  const wanted = wantedKernel(version);
  const status = statusLine(host);
  return labWork(host, async (signal) => {
    try {
      const { image, isNew } = await fetchKernel(wanted, {
        cache: kernelCache(host.environment),
        signal,
        onProgress: (progress) => status.show(progressText(progress)),
      });
      status.clear();
      const entry = kernelEntry(image);
      if (options.json) host.out(kernelDocument('kernel fetch', { kernel: entry, isNew }));
      else host.out(`${image.release} ${isNew ? 'is now in' : 'was already in'} ${entry.folder}\n`);
      return OK;
    } finally {
      status.clear();
    }
  });
}

/** @throws UsageError when the text is no version */
export function wantedKernel(text: string): WantedKernel {
  const wanted = parseWanted(text);
  if (wanted === null)
    throw new UsageError(`'${text}' is no kernel version: expected one like 6.12, or newest`);
  return wanted;
}

function progressText({ stage, release, percent }: FetchProgress): string {
  const share = percent === null ? '' : ` ${Math.floor(percent)} %`;
  switch (stage) {
    case 'lists':
      return `reading the archive’s lists${share}`;
    case 'download':
      return `downloading ${release}${share}`;
    case 'unpack':
      return `unpacking ${release}`;
  }
}
