/**
 * The calibration of the checker, the sizes too large for the tests included: known state counts to be met
 * exactly, transitions a second, bytes a state. Run it alone on the machine: `npx tsx src/bench/calibration.ts`.
 */
import { performance } from 'node:perf_hooks';
import type { Model } from '../check/model.ts';
import { BreadthFirstSearch } from '../check/search/breadthFirst.ts';
import { runSearch } from '../check/search/search.ts';
import { GupModel } from './models/gup.ts';
import { TwoPhaseCommitModel } from './models/twoPhaseCommit.ts';

interface Calibration {
  readonly name: string;
  readonly model: Model;
  readonly states: number;
  /** Breadth-first levels, where they are known. */
  readonly depth?: number;
}

const calibrations: readonly Calibration[] = [
  { name: 'gup 1 page 1 round', model: new GupModel({ pages: 1, rounds: 1 }), states: 15_000, depth: 38 },
  { name: 'gup 2 pages 1 round', model: new GupModel({ pages: 2, rounds: 1 }), states: 165_749, depth: 53 },
  { name: 'gup 1 page 2 rounds', model: new GupModel({ pages: 1, rounds: 2 }), states: 398_943, depth: 56 },
  {
    name: 'gup 2 pages 2 rounds',
    model: new GupModel({ pages: 2, rounds: 2 }),
    states: 5_118_916,
    depth: 85,
  },
  { name: 'two-phase commit 7', model: new TwoPhaseCommitModel(7), states: 296_448 },
  { name: 'two-phase commit 9', model: new TwoPhaseCommitModel(9), states: 10_340_352 },
];

let failed = false;
for (const { name, model, states, depth } of calibrations) {
  const start = performance.now();
  const { coverage, verdict } = runSearch(new BreadthFirstSearch(model));
  const seconds = (performance.now() - start) / 1000;
  const exact = coverage.states === states && (depth === undefined || coverage.depth === depth);
  if (!exact || verdict !== 'ok') failed = true;
  console.log(
    [
      name.padEnd(22),
      `${coverage.states} states, depth ${coverage.depth} (${exact ? 'exact' : `expected ${states}, depth ${depth}`})`,
      `${coverage.transitions} transitions`,
      `${seconds.toFixed(2)} s`,
      `${(coverage.transitions / seconds / 1e6).toFixed(2)} M/s`,
      `${(coverage.bytes / coverage.states).toFixed(1)} bytes a state`,
    ].join('  '),
  );
}
process.exitCode = failed ? 1 : 0;
