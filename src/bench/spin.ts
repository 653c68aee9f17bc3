/**
 * The same protocol in Spin, with its partial-order reduction, and in this checker, with its own reductions, side by side in
 * one run: `npm run bench:spin`, or with other numbers of pages behind `--`. Memory is that of the whole process on both
 * sides, time is until the verdict; compiling Spin's verifier does not count. Spin counts states in its own statements,
 * this checker in steps of the kernel's dialect, so that transitions a second say how fast each goes, and only time and
 * memory say which of them is done first.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured } from './protocol/measured.ts';
import { measureSpin, missingForSpin } from './protocol/spin.ts';

const ROUNDS = 2;

/** Pages that are raced unless others are asked for; 4 takes Spin 4.4 GB and a minute and a half. */
const SIZES: readonly number[] = [2, 3];
const LARGE_SIZES: readonly number[] = [...SIZES, 4];

const USAGE = 'usage: npm run bench:spin [-- --large | -- PAGES…]; PAGES from 1 on, --large adds 4 pages';

function sizesOf(args: readonly string[]): readonly number[] {
  if (args.length === 0) return SIZES;
  if (args.length === 1 && args[0] === '--large') return LARGE_SIZES;
  const sizes = args.map(Number);
  if (sizes.every((size) => Number.isInteger(size) && size >= 1)) return sizes;
  console.error(USAGE);
  process.exit(2);
}

/** In a process of its own, by the interpreter and loader of this one. */
function measureOwn(pages: number): Measured {
  const here = import.meta.url.endsWith('.ts') ? './protocol/own.ts' : './protocol/own.js';
  const script = fileURLToPath(new URL(here, import.meta.url));
  const args = [...process.execArgv, script, `${pages}`, `${ROUNDS}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`this checker failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

function row(name: string, { states, transitions, seconds, megabytes }: Measured): string {
  return [
    name.padEnd(14),
    states.toLocaleString('en').padStart(12),
    transitions.toLocaleString('en').padStart(13),
    (transitions / seconds / 1e6).toFixed(2).padStart(9),
    seconds.toFixed(1).padStart(9),
    megabytes.toFixed(0).padStart(8),
  ].join('');
}

function ratios(spin: Measured, own: Measured): string {
  const ratio = (mine: number, other: number): string => `${(mine / other).toFixed(2)}×`;
  return [
    'daxlab / Spin '.padEnd(14),
    ratio(own.states, spin.states).padStart(12),
    ratio(own.transitions, spin.transitions).padStart(13),
    ratio(own.transitions / own.seconds, spin.transitions / spin.seconds).padStart(9),
    ratio(own.seconds, spin.seconds).padStart(9),
    ratio(own.megabytes, spin.megabytes).padStart(8),
  ].join('');
}

const sizes = sizesOf(process.argv.slice(2));
const missing = missingForSpin();
if (missing !== undefined) {
  console.error(`cannot race Spin: ${missing}`);
  process.exit(4);
}
for (const pages of sizes) {
  console.log(`GUP protocol, ${pages} pages, ${ROUNDS} rounds`);
  console.log(`${''.padEnd(14)}      states  transitions      M/s  seconds     MiB`);
  const spin = measureSpin(pages, ROUNDS);
  console.log(row('Spin', spin));
  const own = measureOwn(pages);
  console.log(row('daxlab', own));
  console.log(`${ratios(spin, own)}\n`);
}
