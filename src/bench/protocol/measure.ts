/**
 * The GUP protocol in steps of the kernel's dialect, at the sizes that other checkers are raced on: states,
 * transitions, time, memory, with and without the reductions. Run it alone on the machine:
 * `npx tsx src/bench/protocol/measure.ts`.
 */
import { performance } from 'node:perf_hooks';
import { OptimisticSearch } from '../../check/reductions/optimisticSearch.ts';
import { BreadthFirstSearch } from '../../check/search/breadthFirst.ts';
import { runSearch } from '../../check/search/search.ts';
import { gupProtocol } from './gupProtocol.ts';

interface Row {
  readonly pages: number;
  readonly movers: boolean;
  readonly loneGroups: boolean;
  readonly symmetry: boolean;
}

const NONE = { movers: false, loneGroups: false, symmetry: false };
const ALL = { movers: true, loneGroups: true, symmetry: true };
const ROUNDS = 2;

const rows: readonly Row[] = [
  { pages: 4, ...ALL },
  { pages: 4, ...ALL, loneGroups: false },
  { pages: 4, ...ALL, movers: false, loneGroups: false },
  { pages: 4, ...NONE, movers: true },
  { pages: 4, ...NONE },
  { pages: 6, ...ALL },
];

for (const { pages, movers, loneGroups, symmetry } of rows) {
  const components = gupProtocol(pages, ROUNDS);
  const start = performance.now();
  const search = new OptimisticSearch(
    components,
    { movers, loneGroups },
    (model) => new BreadthFirstSearch(model, { loneActions: loneGroups, symmetry }),
  );
  const { verdict, coverage } = runSearch(search);
  const seconds = (performance.now() - start) / 1000;
  const shared = new Set<number>();
  search.forEachEnd((_number, state) => shared.add(state[0] ?? 0));
  const switches = Object.entries({ movers, loneGroups, symmetry }).flatMap(([name, on]) =>
    on ? [name] : [],
  );
  console.log(
    [
      `pages ${pages} rounds ${ROUNDS}`,
      (switches.join(' + ') || 'nothing reduced').padEnd(30),
      `${verdict}, ${shared.size} final shared states`,
      `${coverage.states} states`,
      `${coverage.transitions} transitions`,
      `${search.rounds} rounds`,
      `${seconds.toFixed(1)} s`,
      `${(coverage.transitions / seconds / 1e6).toFixed(2)} M/s`,
      `${(coverage.bytes / 1e6).toFixed(0)} MB of tables`,
      `${(coverage.bytes / coverage.states).toFixed(1)} bytes a state`,
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
    ].join('  '),
  );
}
