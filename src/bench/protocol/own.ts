/**
 * The protocol in this checker, in a process of its own so that its memory can be told. Called as
 * `own.ts PAGES ROUNDS`; prints the figures as JSON.
 */
import { performance } from 'node:perf_hooks';
import { OptimisticSearch } from '../../check/reductions/optimisticSearch.ts';
import { BreadthFirstSearch } from '../../check/search/breadthFirst.ts';
import { runSearch } from '../../check/search/search.ts';
import { gupProtocol } from './gupProtocol.ts';
import type { Measured } from './measured.ts';

const [pages = 2, rounds = 2] = process.argv.slice(2).map(Number);
const start = performance.now();
const search = new OptimisticSearch(
  gupProtocol(pages, rounds),
  { movers: true, loneGroups: false },
  (model) => new BreadthFirstSearch(model, { symmetry: true }),
);
const { coverage, verdict } = runSearch(search);
if (verdict !== 'ok') throw new Error(`the protocol is ${verdict}`);
const measured: Measured = {
  states: coverage.states,
  transitions: coverage.transitions,
  seconds: (performance.now() - start) / 1000,
  megabytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(measured));
