import { describe, expect, it } from 'vitest';
import { GupModel, type GupSize } from '../../src/bench/models/gup.ts';
import { TwoPhaseCommitModel } from '../../src/bench/models/twoPhaseCommit.ts';
import { STEPPED, type State } from '../../src/check/model.ts';
import { BreadthFirstSearch } from '../../src/check/search/breadthFirst.ts';
import { DepthFirstSearch } from '../../src/check/search/depthFirst.ts';
import { runSearch } from '../../src/check/search/search.ts';

describe('the GUP protocol, label by label, against the counts of TLC', () => {
  const known: readonly (GupSize & { readonly states: number; readonly depth: number })[] = [
    { pages: 1, rounds: 1, states: 15_000, depth: 38 },
    { pages: 2, rounds: 1, states: 165_749, depth: 53 },
    { pages: 1, rounds: 2, states: 398_943, depth: 56 },
  ];
  it.each(known)('has $states states at $pages pages and $rounds rounds', ({ states, depth, ...size }) => {
    const result = runSearch(new BreadthFirstSearch(new GupModel(size)));
    expect(result.verdict).toBe('ok');
    expect(result.coverage).toMatchObject({ states, depth, complete: true });
  });

  it.each(known)('has as many depth-first: $states', ({ states, depth: _depth, ...size }) => {
    const result = runSearch(new DepthFirstSearch(new GupModel(size)));
    expect(result.verdict).toBe('ok');
    expect(result.coverage).toMatchObject({ states, expanded: states, complete: true });
  });

  it('can always run to its end', () => {
    const search = new BreadthFirstSearch(new GupModel({ pages: 2, rounds: 1 }), { endReachable: true });
    expect(runSearch(search).verdict).toBe('ok');
  });

  it('takes at most 24 bytes a state, the table included', () => {
    const { coverage } = runSearch(new BreadthFirstSearch(new GupModel({ pages: 1, rounds: 2 })));
    expect(coverage.bytes / coverage.states).toBeLessThanOrEqual(24);
  });
});

describe('two-phase commit, against the counts of Stateright', () => {
  it.each([
    [3, 288],
    [5, 8_832],
    [7, 296_448],
  ])('of %i resource managers has %i states', (managers, states) => {
    const result = runSearch(new BreadthFirstSearch(new TwoPhaseCommitModel(managers)));
    expect(result.verdict).toBe('ok');
    expect(result.coverage).toMatchObject({ states, complete: true });
    expect(result.witnesses.map(({ property }) => property).sort()).toEqual([
      'all can abort',
      'all can commit',
    ]);
  });

  it('of 5 resource managers has as many states under symmetry as there are orbits', () => {
    const model = new TwoPhaseCommitModel(5);
    const orbits = new Set<string>();
    for (const state of reachable(model, (found) => found)) {
      model.representative(state);
      orbits.add(state.join());
    }
    const { coverage } = runSearch(new BreadthFirstSearch(model, { symmetry: true }));
    expect(coverage).toMatchObject({ states: orbits.size, complete: true });
    expect(orbits.size).toBeLessThan(665);
  });

  it('of 5 resource managers has Stateright’s 665 states if ties stay unsorted and the last successor comes first', () => {
    const model = new TwoPhaseCommitModel(5, 'byState');
    const kept = reachable(model, (state) => {
      const representative = state.slice();
      model.representative(representative);
      return representative;
    });
    expect(kept).toHaveLength(665);
  });
});

/** One state for each distinct value of `key`, in the order of a stack of pending states. */
function reachable(model: TwoPhaseCommitModel, key: (state: State) => State): State[] {
  const found: State[] = [];
  const pending = [...model.initialStates()];
  const seen = new Set(pending.map((state) => key(state).join()));
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    found.push(state);
    for (let action = 0; action < model.actions; action++) {
      const to = new Int32Array(model.width);
      if (model.step(state, action, to) !== STEPPED || seen.has(key(to).join())) continue;
      seen.add(key(to).join());
      pending.push(to);
    }
  }
  return found;
}
