import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DOCTOR, LabError } from '../labError.ts';
import { runCommand } from '../process/runCommand.ts';

/** How the agent is compiled: for any kernel, without a library. */
const COMPILER: readonly [string, ...string[]] = ['cc', '-std=gnu11', '-O2', '-Wall', '-static', '-pthread'];

/**
 * Path of the agent's program, compiled from the C files of a folder if it has not been: the cache knows it by its
 * sources.
 */
export async function buildAgent(sources: string, cache: string, signal?: AbortSignal): Promise<string> {
  const files = readdirSync(sources)
    .filter((name) => /\.[ch]$/.test(name))
    .sort();
  const hash = createHash('sha256').update(COMPILER.join(' '));
  for (const name of files) hash.update(name).update(readFileSync(join(sources, name)));
  const program = join(cache, `agent-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const compiled = files.filter((name) => name.endsWith('.c')).map((name) => join(sources, name));
  const unfinished = `${program}.${process.pid}`;
  try {
    const { status, errors } = await runCommand({
      words: [...COMPILER, '-o', unfinished, ...compiled],
      ...(signal === undefined ? {} : { signal }),
    });
    if (status !== 0) {
      throw new LabError(
        `the agent for the guest does not compile: ${DOCTOR}`,
        errors.trim().split('\n').slice(0, 10),
      );
    }
    renameSync(unfinished, program);
    return program;
  } finally {
    rmSync(unfinished, { force: true });
  }
}
