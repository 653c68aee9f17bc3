import type { DialectProgram } from '../../../src/compile/link/selection.ts';
import { readSources } from '../../../src/compile/reader/readFile.ts';
import { kernelProgram } from '../../../src/kernel/link.ts';
import { loadTest, type Program, type Scheme } from '../../../src/litmus/index.ts';
import type { Step, TestResult } from '../../../src/litmus/output/index.ts';
import { type RunOptions, run } from '../../../src/run/index.ts';

/** A test's program; fails with what is wrong with the text. */
export function programOf(text: string, fileName = 'test.litmus'): Program {
  const loaded = loadTest(text, fileName);
  if ('program' in loaded) return loaded.program;
  throw new Error(loaded.errors.map(({ message, span }) => `${span.line}: ${message}`).join('\n'));
}

/** One execution of a test. */
export function execute(text: string, scheme: Scheme = 'refcount', options: RunOptions = {}): TestResult {
  return run(programOf(text), scheme, options);
}

/** A test with one 4M device `d` of 4K pages, and the process blocks and conditions given. */
export function onSmallPages(body: string): string {
  return `DAX test\ndevice d = devdax(size=4M, align=4K)\n${body}\n`;
}

/** The same with a device of 2M pages. */
export function onLargePages(body: string): string {
  return `DAX test\ndevice d = devdax(size=4M, align=2M)\n${body}\n`;
}

/** Where a step stands and what came of it: `P.A munmap(m) = 0`. */
export function stepText({ process, thread, text, result, errno, signal, skipped }: Step): string {
  const who = process === thread ? process : `${process}.${thread}`;
  return `${who} ${text} = ${skipped ? 'skipped' : (errno ?? signal ?? result)}`;
}

/**
 * Kernel functions in the dialect beside the kernel's own, and which of those they replace: a fault that a property
 * has to find.
 */
export function withFault(text: string, overrides: Readonly<Record<string, string>>): RunOptions {
  const { files, refusals } = readSources([{ path: 'common/fault.ts', text }]);
  if (refusals.length > 0) throw new Error(refusals.map(({ message }) => message).join('\n'));
  const sources: DialectProgram = { ...kernelProgram, files: [...kernelProgram.files, ...files] };
  return { sources, overrides };
}
