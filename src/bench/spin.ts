/**
 * The same protocol in Spin, with its partial-order reduction, and in this checker, side by side in one run. Spin counts
 * states in its own statements, this checker in steps of the kernel's dialect: times and memory compare, states do
 * not. Needs `spin` and `gcc`. `npx tsx src/bench/spin.ts [pages…]`, 2 and 3 unless given; 4 takes Spin 4.4 GB.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { OptimisticSearch } from '../check/reductions/optimisticSearch.ts';
import { BreadthFirstSearch } from '../check/search/breadthFirst.ts';
import { runSearch } from '../check/search/search.ts';
import { gupProtocol } from './protocol/gupProtocol.ts';
import { gupPromela } from './protocol/promela.ts';

const ROUNDS = 2;
const DEPTH = 1_000_000;

interface Measured {
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  readonly megabytes: number;
}

/** Compiles and runs the protocol in Spin; undefined where Spin or a compiler is missing. */
function measureSpin(pages: number): Measured | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-spin-'));
  const run = (command: string, ...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? stdout : undefined;
  };
  try {
    writeFileSync(join(folder, 'gup.pml'), gupPromela(pages, ROUNDS));
    if (run('spin', '-a', 'gup.pml') === undefined) return undefined;
    if (run('gcc', '-O2', '-DSAFETY', '-o', 'pan', 'pan.c') === undefined) return undefined;
    const start = performance.now();
    const report = run(join(folder, 'pan'), `-m${DEPTH}`) ?? '';
    const seconds = (performance.now() - start) / 1000;
    const figure = (pattern: RegExp): number => Number(pattern.exec(report)?.[1] ?? Number.NaN);
    return {
      states: figure(/(\d+) states, stored/),
      transitions: figure(/(\d+) transitions/),
      seconds,
      megabytes: figure(/([\d.]+)\s+total actual memory usage/),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The protocol in this checker, with the reductions that pay here. */
function measureOwn(pages: number): Measured {
  const start = performance.now();
  const search = new OptimisticSearch(
    gupProtocol(pages, ROUNDS),
    { movers: true, loneGroups: false },
    (model) => new BreadthFirstSearch(model, { symmetry: true }),
  );
  const { coverage, verdict } = runSearch(search);
  if (verdict !== 'ok') throw new Error(`the protocol is ${verdict}`);
  return {
    states: coverage.states,
    transitions: coverage.transitions,
    seconds: (performance.now() - start) / 1000,
    megabytes: coverage.bytes / 2 ** 20,
  };
}

function line(name: string, { states, transitions, seconds, megabytes }: Measured): string {
  return [
    name.padEnd(34),
    `${states} states`,
    `${transitions} transitions`,
    `${seconds.toFixed(1)} s`,
    `${megabytes.toFixed(0)} MiB`,
  ].join('  ');
}

const sizes = process.argv.slice(2).map(Number);
for (const pages of sizes.length > 0 ? sizes : [2, 3]) {
  console.log(`pages ${pages} rounds ${ROUNDS}`);
  const spin = measureSpin(pages);
  console.log(
    spin === undefined ? 'Spin: skipped, spin or gcc is not installed' : line('Spin, partial order', spin),
  );
  console.log(line('this checker, movers and symmetry', measureOwn(pages)));
}
