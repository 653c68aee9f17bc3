import { describe, expect, it } from 'vitest';
import { gupProtocol } from '../../src/bench/protocol/gupProtocol.ts';
import { OptimisticSearch } from '../../src/check/reductions/optimisticSearch.ts';
import type { ReductionOptions } from '../../src/check/reductions/reducedModel.ts';
import { BreadthFirstSearch } from '../../src/check/search/breadthFirst.ts';
import { DepthFirstSearch } from '../../src/check/search/depthFirst.ts';
import type { Coverage } from '../../src/check/search/result.ts';
import { runSearch, type Search, type SearchOptions } from '../../src/check/search/search.ts';
import { exploreTiny, type TinyOutcomes } from './models/exploreTiny.ts';
import { randomProgram } from './models/randomProgram.ts';
import { type Instruction, type TinyProgram, tinyComponents } from './models/tinyProgram.ts';

interface Configuration extends ReductionOptions {
  readonly symmetry: boolean;
  readonly depthFirst?: boolean;
  readonly withoutCycleProviso?: boolean;
  readonly maximumStates?: number;
}

interface Found {
  readonly found: TinyOutcomes;
  readonly rounds: number;
  readonly coverage: Coverage;
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

function search(program: TinyProgram, configuration: Configuration): Found {
  const components = tinyComponents(program);
  const {
    symmetry,
    depthFirst = false,
    withoutCycleProviso = false,
    maximumStates = Number.POSITIVE_INFINITY,
    ...reductions
  } = configuration;
  const options: SearchOptions = {
    findAll: true,
    endReachable: true,
    loneActions: reductions.loneGroups,
    symmetry,
    withoutCycleProviso,
    maximumStates,
  };
  const running: Search = new OptimisticSearch(components, reductions, (model) =>
    depthFirst ? new DepthFirstSearch(model, options) : new BreadthFirstSearch(model, options),
  );
  const { findings, coverage } = runSearch(running);
  const goesOn = running.advance(1) ? null : 'a search that is over goes on';
  expect({ goesOn, ...running.coverage() }).toEqual({ goesOn: null, ...coverage });
  const ends = new Set<string>();
  running.forEachEnd((_number, state) => ends.add(components.describeEnd(state)));
  return {
    rounds: (running as OptimisticSearch).rounds,
    coverage,
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

const explored = new Map<number, TinyOutcomes>();

/** What a plain exploration of a random program finds. */
function explore(seed: number): TinyOutcomes {
  const outcomes = explored.get(seed) ?? exploreTiny(randomProgram(seed));
  explored.set(seed, outcomes);
  return outcomes;
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
      const plain = explore(seed);
      const { found } = search(program, NONE);
      expect(found.states, `seed ${seed}`).toBe(plain.states);
      expect(found.transitions, `seed ${seed}`).toBe(plain.transitions);
    }
  });

  it.each(configurations)('finds with %o what a plain exploration finds', (configuration) => {
    for (let seed = 1; seed <= 300; seed++) {
      const program = randomProgram(seed);
      const { found } = search(program, configuration);
      expect(essence(program, found), `seed ${seed}`).toEqual(essence(program, explore(seed)));
    }
  });
});

describe('a search that is cut short', () => {
  const all: Configuration = { movers: true, loneGroups: true, symmetry: true };

  it('is not complete, whatever its rounds believed', () => {
    let cut = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const program = randomProgram(seed);
      const { states, complete } = search(program, all).coverage;
      expect(complete, `seed ${seed}`).toBe(true);
      for (let maximumStates = 1; maximumStates < states; maximumStates += 1 + (states >> 4)) {
        const { coverage } = search(program, { ...all, maximumStates });
        expect(coverage, `seed ${seed}`).toMatchObject({ complete: false, stoppedBy: 'states' });
        cut++;
      }
    }
    expect(cut).toBeGreaterThan(1000);
  });

  it('reports nothing that the whole search does not find', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const program = randomProgram(seed);
      const whole = search(program, all);
      for (let maximumStates = 1; maximumStates < whole.coverage.states; maximumStates += 7) {
        const { found } = search(program, { ...all, maximumStates });
        const told = `seed ${seed}, ${maximumStates} states`;
        expect(
          [...found.failures].every((one) => whole.found.failures.has(one)),
          told,
        ).toBe(true);
        expect(found.deadlocks.size, told).toBeLessThanOrEqual(whole.found.deadlocks.size);
        expect(found.broken && !whole.found.broken, told).toBe(false);
        expect(found.livelock, told).toBe(false);
      }
    }
  });
});

describe('the three traps', () => {
  const critical = (first: number, second: number): readonly Instruction[] => [
    { op: 'lock', word: first },
    { op: 'lock', word: second },
    { op: 'unlock', word: second },
    { op: 'unlock', word: first },
  ];
  const opposed: TinyProgram = { words: [0, 0], registers: 1, threads: [critical(0, 1), critical(1, 0)] };

  it('keeps the deadlock of two locks in opposite orders, which groups that run into a second lock lose', () => {
    const movers = { ...NONE, movers: true };
    expect(search(opposed, NONE).found).toMatchObject({ states: 19, deadlocks: new Set(['a deadlock']) });
    expect(search(opposed, movers).found.deadlocks.size).toBe(1);
    expect(search(opposed, { ...movers, intoWaits: true }).found.deadlocks.size).toBe(0);
  });

  it('keeps the failure beside a polling loop, which lone groups without the cycle proviso lose', () => {
    const polling: TinyProgram = {
      words: [0, 0],
      registers: 1,
      threads: [
        [
          { op: 'load', word: 0, to: 0 },
          { op: 'jumpUnless', register: 0, is: 1, to: 0 },
        ],
        [
          { op: 'load', word: 1, to: 0 },
          { op: 'fail', failure: 9 },
        ],
      ],
    };
    const lone = { ...NONE, loneGroups: true };
    expect(search(polling, NONE).found.failures).toEqual(new Set([9]));
    expect(search(polling, lone).found.failures).toEqual(new Set([9]));
    expect(search(polling, { ...lone, withoutCycleProviso: true }).found.failures).toEqual(new Set());
  });

  it('may exchange threads only where no word names one: an owner in a lock word hides a failure', () => {
    const owned = (mark: 'owner' | undefined, interchangeable: boolean): TinyProgram => {
      const code: readonly Instruction[] = [
        { op: 'lock', word: 0, ...(mark === undefined ? {} : { mark }) },
        { op: 'load', word: 0, to: 0 },
        { op: 'jumpUnless', register: 0, is: 2, to: 4 },
        { op: 'fail', failure: 5 },
        { op: 'unlock', word: 0 },
      ];
      return { words: [0], registers: 1, threads: [code, code], interchangeable };
    };
    const symmetry = { ...NONE, symmetry: true };
    expect(search(owned('owner', false), symmetry).found.failures).toEqual(new Set([5]));
    expect(search(owned('owner', true), symmetry).found.failures).toEqual(new Set());
    const plain = search(owned(undefined, true), NONE).found.states;
    const merged = search(owned(undefined, true), symmetry).found;
    expect(merged.failures.size).toBe(0);
    expect(merged.states).toBeLessThan(plain);
  });
});

describe('the checks of the reductions themselves', () => {
  it.each([
    ['groups that run into waits', { ...NONE, movers: true, intoWaits: true }],
    ['lone groups without the cycle proviso', { ...NONE, loneGroups: true, withoutCycleProviso: true }],
  ])('catch %s within 400 random programs', (_name, unsound) => {
    let mismatches = 0;
    for (let seed = 1; seed <= 400 && mismatches === 0; seed++) {
      const program = randomProgram(seed);
      const found = JSON.stringify(essence(program, search(program, unsound).found));
      if (found !== JSON.stringify(essence(program, explore(seed)))) mismatches++;
    }
    expect(mismatches).toBeGreaterThan(0);
  });
});

describe('the GUP protocol in the kernel’s dialect', () => {
  const ends = (configuration: Configuration): { readonly states: number; readonly shared: Set<string> } => {
    const components = gupProtocol(2, 1);
    const { symmetry, ...reductions } = configuration;
    const running = new OptimisticSearch(
      components,
      reductions,
      (model) => new BreadthFirstSearch(model, { symmetry, loneActions: reductions.loneGroups }),
    );
    const { verdict, coverage } = runSearch(running);
    expect(verdict).toBe('ok');
    const shared = new Set<string>();
    running.forEachEnd((_number, state) => shared.add(components.describeShared(state[0] ?? 0)));
    return { states: coverage.states, shared };
  };

  it('ends in the same shared words whatever is reduced', () => {
    const plain = ends(NONE);
    expect(plain.shared.size).toBe(4);
    for (const configuration of configurations.slice(1, 6)) {
      const reduced = ends(configuration);
      expect(reduced.shared).toEqual(plain.shared);
      expect(reduced.states).toBeLessThan(plain.states);
    }
  });
});
