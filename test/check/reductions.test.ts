import { describe, expect, it } from 'vitest';
import { OptimisticSearch } from '../../src/check/reductions/optimisticSearch.ts';
import type { ReductionOptions } from '../../src/check/reductions/reducedModel.ts';
import { BreadthFirstSearch } from '../../src/check/search/breadthFirst.ts';
import { DepthFirstSearch } from '../../src/check/search/depthFirst.ts';
import { runSearch, type Search, type SearchOptions } from '../../src/check/search/search.ts';
import { exploreTiny, type TinyOutcomes } from './models/exploreTiny.ts';
import { randomProgram } from './models/randomProgram.ts';
import { type TinyProgram, tinyComponents } from './models/tinyProgram.ts';

interface Configuration extends ReductionOptions {
  readonly symmetry: boolean;
  readonly depthFirst?: boolean;
  readonly withoutCycleProviso?: boolean;
}

const NONE: Configuration = { movers: false, loneGroups: false, symmetry: false };
const configurations: readonly Configuration[] = [
  NONE,
  { ...NONE, movers: true },
  { ...NONE, loneGroups: true },
  { ...NONE, symmetry: true },
  { ...NONE, movers: true, loneGroups: true },
  { ...NONE, movers: true, loneGroups: true, symmetry: true },
  { ...NONE, movers: true, loneGroups: true, symmetry: true, depthFirst: true },
];

function search(program: TinyProgram, configuration: Configuration): { found: TinyOutcomes; rounds: number } {
  const components = tinyComponents(program);
  const { symmetry, depthFirst = false, withoutCycleProviso = false, ...reductions } = configuration;
  const options: SearchOptions = {
    findAll: true,
    endReachable: true,
    loneActions: reductions.loneGroups,
    symmetry,
    withoutCycleProviso,
  };
  const running: Search = new OptimisticSearch(components, reductions, (model) =>
    depthFirst ? new DepthFirstSearch(model, options) : new BreadthFirstSearch(model, options),
  );
  const { findings, coverage } = runSearch(running);
  const ends = new Set<string>();
  running.forEachEnd((_number, state) => ends.add(components.describeEnd(state)));
  return {
    rounds: (running as OptimisticSearch).rounds,
    found: {
      states: coverage.states,
      transitions: coverage.transitions,
      ends,
      failures: new Set(findings.flatMap((one) => (one.kind === 'failure' ? [one.failure] : []))),
      deadlocks: new Set(findings.flatMap((one) => (one.kind === 'deadlock' ? ['a deadlock'] : []))),
      broken: findings.some((one) => one.kind === 'broken'),
      livelock: findings.some((one) => one.kind === 'livelock'),
    },
  };
}

/** What must be equal whatever the reduction; ends modulo exchange of threads of one kind under symmetry. */
function essence(program: TinyProgram, outcomes: TinyOutcomes): unknown {
  const exchangeable = (end: string): string => {
    const [words, registers] = JSON.parse(end) as [number[], number[][]];
    const tagged = registers.map((own, thread) => {
      const code = program.threads[thread];
      return `${code === undefined ? -1 : program.threads.indexOf(code)}:${own.join()}`;
    });
    return JSON.stringify([words, tagged.sort()]);
  };
  return {
    ends: [...new Set([...outcomes.ends].map(exchangeable))].sort(),
    failures: [...outcomes.failures].sort(),
    deadlock: outcomes.deadlocks.size > 0,
    broken: outcomes.broken,
    livelock: outcomes.livelock,
  };
}

describe('collapsed search of random programs', () => {
  it('has the states and transitions of a plain exploration when nothing is reduced', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const program = randomProgram(seed);
      const plain = exploreTiny(program);
      const { found } = search(program, NONE);
      expect(found.states, `seed ${seed}`).toBe(plain.states);
      expect(found.transitions, `seed ${seed}`).toBe(plain.transitions);
    }
  });

  it.each(configurations)('finds with %o what a plain exploration finds', (configuration) => {
    for (let seed = 1; seed <= 300; seed++) {
      const program = randomProgram(seed);
      const { found } = search(program, configuration);
      expect(essence(program, found), `seed ${seed}`).toEqual(essence(program, exploreTiny(program)));
    }
  });
});
