import type { PagesOfFile } from '../observe/fileMap.ts';
import { type KernelCall, type Plan, steps } from './adapter.ts';
import type { OperationContext } from './context.ts';

/**
 * A system call that promises to make what `pages` names survive a power loss: what the file has there, and how far it goes,
 * when the call begins is held against what the medium knows of it when the call has succeeded. Pages that the call is not
 * asked for any more by then, as somebody has mapped something else meanwhile, are not judged.
 */
export function promising(
  { world }: OperationContext,
  pages: () => readonly PagesOfFile[],
  kernelCall: KernelCall,
): Plan {
  const { observer } = world;
  const promises = pages().map((range) => ({ range, promise: observer.files.promised(range) }));
  return steps(function* () {
    const result = yield kernelCall;
    if (result !== 0) return result;
    const asked = pages();
    for (const { range, promise } of promises) {
      if (asked.some((still) => isSame(still, range))) observer.promised(range.file, promise);
    }
    return result;
  });
}

function isSame(one: PagesOfFile, other: PagesOfFile): boolean {
  return one.file === other.file && one.first === other.first && one.last === other.last;
}
