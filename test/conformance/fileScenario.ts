import type { FileMode } from './recording.ts';

/** The name of the file that a scenario's program has open as `f`. */
export const FILE_NAME = 'data';

/** What the recording's runner did after the program: it watched its end, and removed the file. */
const RUNNER = [
  '  barrier(exited) #> scenario process exited ;; 0',
  `  unlink(d, "${FILE_NAME}") #> file unlinked and closed ;; 0`,
  '}',
];

/**
 * A scenario of a device as the same on a fresh file of four units, which the program of the recording found allocated and
 * written with zeros: P is that program, a child of the runner. Scenarios that name a file already keep their own beginning,
 * and those that have a runner are complete.
 */
export function fileScenarioText(text: string, mode: FileMode): string {
  const fileSystem = mode.includes('xfs') ? 'xfs' : 'ext4';
  const placed = text.replace(/^device d = .*$/m, `device d = fsdax(size=64M, fs=${fileSystem})`);
  if (placed.includes('process RUNNER')) return placed;
  return placed
    .replace(
      /^process P \{$/m,
      `process RUNNER { fork P {\n${text.includes('open(d, ') ? '' : `f = open(d, "${FILE_NAME}", create, size=4 * 4K)\n`}`,
    )
    .replace(/^\}$/m, ['}', ...RUNNER].join('\n'))
    .replaceAll('mmap(d, ', 'mmap(f, ');
}
