import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Measured } from './measured.ts';
import { gupPromela } from './promela.ts';

/** Longest path that Spin may search depth first. */
const DEPTH = 1_000_000;

/** What Spin needs, and the Debian package that has it. */
const COMMANDS: readonly (readonly [command: string, argument: string, debianPackage: string])[] = [
  ['spin', '-V', 'spin'],
  ['gcc', '--version', 'gcc'],
];

/** What is missing to race Spin, and how to install it; undefined if it is all there. */
export function missingForSpin(): string | undefined {
  const missing = COMMANDS.filter(
    ([command, argument]) => spawnSync(command, [argument]).error !== undefined,
  );
  if (missing.length === 0) return undefined;
  const names = missing.map(([command]) => command).join(' and ');
  const packages = missing.map(([, , debianPackage]) => debianPackage).join(' ');
  return `${names} not found: apt-get install ${packages}`;
}

/** Compiles the protocol for Spin and lets it search, with partial-order reduction; compiling is not measured. */
export function measureSpin(pages: number, rounds: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-spin-'));
  const run = (command: string, ...args: string[]): string => {
    const { status, stdout, stderr, signal } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    if (status === 0) return stdout;
    throw new Error(`${command} failed (${signal ?? `status ${status}`}): ${stderr || stdout}`);
  };
  try {
    writeFileSync(join(folder, 'gup.pml'), gupPromela(pages, rounds));
    run('spin', '-a', 'gup.pml');
    run('gcc', '-O2', '-DSAFETY', '-DMEMLIM=16384', '-o', 'pan', 'pan.c');
    const start = performance.now();
    const report = run(join(folder, 'pan'), `-m${DEPTH}`);
    const seconds = (performance.now() - start) / 1000;
    return measuredOf(report, seconds);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The figures of a report of Spin's; it does not count if the search was cut short or found something. */
function measuredOf(report: string, seconds: number): Measured {
  const figure = (pattern: RegExp): number => {
    const text = pattern.exec(report)?.[1];
    if (text === undefined) throw new Error(`Spin's report has no ${pattern.source}:\n${report}`);
    return Number(text);
  };
  if (/out of memory|search was not completed|max search depth too small/.test(report)) {
    throw new Error(`Spin did not search to the end:\n${report}`);
  }
  if (figure(/errors: (\d+)/) !== 0) throw new Error(`Spin found an error:\n${report}`);
  return {
    states: figure(/([\d.e+]+) states, stored/),
    transitions: figure(/([\d.e+]+) transitions/),
    megabytes: figure(/([\d.]+)\s+total actual memory usage/),
    seconds,
  };
}
