import { describe, expect, it } from 'vitest';
import { GupModel } from '../../src/bench/models/gup.ts';
import { TwoPhaseCommitModel } from '../../src/bench/models/twoPhaseCommit.ts';
import { type Model, STEPPED } from '../../src/check/model.ts';
import { BreadthFirstSearch } from '../../src/check/search/breadthFirst.ts';
import { DepthFirstSearch } from '../../src/check/search/depthFirst.ts';
import type { Coverage, Finding, Trace } from '../../src/check/search/result.ts';
import { runSearch, runSearchGivingWay } from '../../src/check/search/search.ts';
import { exploreGraph, type Graph, graphModel } from './models/graph.ts';
import { opposedLocks } from './models/opposedLocks.ts';
import { randomGraph } from './models/randomGraph.ts';

const strategies = [
  { name: 'breadth-first', Strategy: BreadthFirstSearch },
  { name: 'depth-first', Strategy: DepthFirstSearch },
] as const;

/** Runs a trace step by step on the model and fails where it is no execution. */
function expectExecution(model: Model, trace: Trace): void {
  let from = trace.initial;
  expect(model.initialStates().map((state) => state.join())).toContain(from.join());
  for (const { action, state } of trace.steps) {
    const to = new Int32Array(model.width);
    const outcome = model.step(from, action, to);
    if (state === null) {
      expect(outcome).toBeGreaterThan(STEPPED);
    } else {
      expect(outcome).toBe(STEPPED);
      expect(to.join()).toBe(state.join());
      from = state;
    }
  }
}

const traceOf = (finding: Finding | undefined): Trace => {
  if (finding === undefined || finding.kind === 'unreached')
    throw new Error('a finding with a trace was expected');
  return finding.trace;
};
const lastState = (trace: Trace): number | undefined => (trace.steps.at(-1)?.state ?? trace.initial)[0];

describe.each(strategies)('$name search', ({ Strategy }) => {
  it('finds what a plain exploration of 300 random graphs finds', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const graph = randomGraph(seed);
      const model = graphModel(graph);
      const expected = exploreGraph(graph);
      const { coverage, findings } = runSearch(new Strategy(model, { findAll: true, endReachable: true }));
      const where = `seed ${seed}`;
      expect(coverage, where).toMatchObject({
        states: expected.distance.size,
        transitions: expected.transitions,
        complete: true,
      });
      const failures = findings.flatMap((finding) => (finding.kind === 'failure' ? [finding.failure] : []));
      expect(new Set(failures), where).toEqual(expected.failures);
      const deadlock = findings.find((finding) => finding.kind === 'deadlock');
      expect(deadlock !== undefined, where).toBe(expected.deadlocks.length > 0);
      if (deadlock !== undefined) expect(expected.deadlocks, where).toContain(lastState(traceOf(deadlock)));
      const livelock = findings.find((finding) => finding.kind === 'livelock');
      expect(livelock !== undefined, where).toBe(expected.livelocks.length > 0);
      if (livelock !== undefined) expect(expected.livelocks, where).toContain(lastState(traceOf(livelock)));
      for (const finding of findings) expectExecution(model, traceOf(finding));
    }
  });

  it('finds the deadlock of two threads that take two locks in opposite orders', () => {
    const model = opposedLocks([0, 1]);
    const { verdict, findings } = runSearch(new Strategy(model));
    expect(verdict).toBe('violated');
    expect(findings[0]?.kind).toBe('deadlock');
    const trace = traceOf(findings[0]);
    expectExecution(model, trace);
    expect([...(trace.steps.at(-1)?.state ?? [])]).toEqual([1, 1]);
  });

  it('finds no deadlock when both threads take the locks in one order', () => {
    expect(runSearch(new Strategy(opposedLocks([0, 0]))).verdict).toBe('ok');
  });

  it('goes on after a finding, and then covers the opposed locks’ 19 states: the 20 that exclusion allows but one', () => {
    // Of 25 pairs of counters 5 break exclusion, and nobody can drop his inner lock while the other holds it as his outer.
    const { coverage } = runSearch(new Strategy(opposedLocks([0, 1]), { findAll: true }));
    expect(coverage).toMatchObject({ states: 19, complete: true });
  });

  it('stops at the first finding unless told otherwise', () => {
    const graph: Graph = { edges: [[{ to: 1 }, { to: 2 }], [{ fails: 2 }], [{ fails: 3 }]] };
    const first = runSearch(new Strategy(graphModel(graph)));
    expect(first.findings).toHaveLength(1);
    expect(first.coverage).toMatchObject({ complete: false, stoppedBy: 'finding' });
    const all = runSearch(new Strategy(graphModel(graph), { findAll: true }));
    expect(all.findings.map((finding) => finding.kind === 'failure' && finding.failure).sort()).toEqual([
      2, 3,
    ]);
    expect(all.coverage.complete).toBe(true);
  });

  it('reports a property that breaks, with the execution into the state', () => {
    const graph: Graph = {
      edges: [[{ to: 1 }], [{ to: 2 }], [{ to: 3 }], []],
      ends: [3],
      properties: [{ name: 'not two', kind: 'always', holds: (state) => state[0] !== 2 }],
    };
    const { findings } = runSearch(new Strategy(graphModel(graph)));
    expect(findings).toMatchObject([{ kind: 'broken', property: 'not two' }]);
    expect(traceOf(findings[0]).steps.map(({ action }) => action)).toEqual([0, 0]);
  });

  it('fails on a property that must hold sometimes only once all states are known', () => {
    const graph: Graph = {
      edges: [[{ to: 1 }], [{ to: 2 }], []],
      ends: [2],
      properties: [
        { name: 'reaches two', kind: 'sometimes', holds: (state) => state[0] === 2 },
        { name: 'reaches nine', kind: 'sometimes', holds: (state) => state[0] === 9 },
      ],
    };
    const cut = runSearch(new Strategy(graphModel(graph), { maximumStates: 2 }));
    expect(cut.verdict).toBe('incomplete');
    expect(cut.findings).toEqual([]);
    const whole = runSearch(new Strategy(graphModel(graph)));
    expect(whole.findings).toEqual([{ kind: 'unreached', property: 'reaches nine' }]);
    expect(whole.witnesses).toMatchObject([{ property: 'reaches two' }]);
  });

  it('keeps to a bound on states, says so, and is complete with exactly as many as there are', () => {
    const model = new TwoPhaseCommitModel(3);
    const cut = runSearch(new Strategy(model, { maximumStates: 287 }));
    expect(cut.verdict).toBe('incomplete');
    expect(cut.coverage).toMatchObject({ states: 287, complete: false, stoppedBy: 'states' });
    expect(cut.coverage.expanded).toBeLessThan(287);
    expect(runSearch(new Strategy(model, { maximumStates: 288 })).coverage).toMatchObject({
      states: 288,
      complete: true,
      stoppedBy: null,
    });
  });

  it('keeps to a bound on memory', () => {
    const bound = 3_000_000;
    const { verdict, coverage } = runSearch(
      new Strategy(new GupModel({ pages: 1, rounds: 2 }), { maximumBytes: bound }),
    );
    expect(verdict).toBe('incomplete');
    expect(coverage.stoppedBy).toBe('memory');
    expect(coverage.bytes).toBeLessThanOrEqual(bound + 5 * 16_384);
    expect(coverage.states).toBeGreaterThan(10_000);
  });

  it('shows progress, and when interrupted reports what it has done', () => {
    const shown: Coverage[] = [];
    const search = new Strategy(new GupModel({ pages: 1, rounds: 1 }));
    const result = runSearch(search, {
      slice: 1000,
      progress: (coverage) => shown.push(coverage),
      interrupted: () => shown.length === 3,
    });
    expect(shown.map(({ expanded }) => expanded)).toEqual([1000, 2000, 3000]);
    expect(result.verdict).toBe('incomplete');
    expect(result.coverage).toMatchObject({ expanded: 3000, stoppedBy: 'interrupt', complete: false });
  });

  it('lets an event loop have its turn between slices', async () => {
    let turns = 0;
    const search = new Strategy(new GupModel({ pages: 1, rounds: 1 }));
    const result = await runSearchGivingWay(search, async () => void turns++, { slice: 1000 });
    expect(turns).toBe(15);
    expect(result.coverage.states).toBe(15_000);
  });

  it('gives every end to whoever asks, once, and executions into them', () => {
    const ends: string[] = [];
    const graph: Graph = {
      edges: [[{ to: 1 }, { to: 2 }], [{ to: 3 }], [{ to: 3 }, { to: 4 }], [], []],
      ends: [3, 4],
    };
    const model = graphModel(graph);
    const search = new Strategy(model);
    runSearch(search);
    const numbers: number[] = [];
    search.forEachEnd((number, state) => {
      numbers.push(number);
      ends.push(String(state[0]));
    });
    expect(ends.slice().sort()).toEqual(['3', '4']);
    const traces = search.tracesTo(numbers);
    expect(traces.map((trace) => String(lastState(trace)))).toEqual(ends);
    for (const trace of traces) expectExecution(model, trace);
  });

  it('does not put off a failure for ever beside a loop that is offered as the lone action', () => {
    // Action 0 polls and leads back; action 1 leads to the failure.
    const polling: Graph = {
      edges: [[{ to: 1 }, { to: 2 }], [{ to: 0 }, { to: 2 }], [{ fails: 2 }]],
      lone: { 0: 0, 1: 0 },
    };
    const found = runSearch(new Strategy(graphModel(polling), { loneActions: true }));
    expect(found.findings).toMatchObject([{ kind: 'failure', failure: 2 }]);
    const missed = runSearch(
      new Strategy(graphModel(polling), { loneActions: true, withoutCycleProviso: true, findAll: true }),
    );
    expect(missed.findings.filter(({ kind }) => kind === 'failure')).toEqual([]);
  });

  it('takes nothing from states in which executions are cut off, and goes around them in its traces', () => {
    // State 3 is reached through 1, which is cut off, and by the longer way through 2 and 4; 5 only through 1.
    const graph: Graph = {
      edges: [[{ to: 1 }, { to: 2 }], [{ to: 3 }, { to: 5 }], [{ to: 4 }], [], [{ to: 3 }], [{ fails: 2 }]],
      ends: [3],
    };
    const search = new Strategy(graphModel(graph), { endsAt: (state) => state[0] === 1, endReachable: true });
    const { verdict, coverage } = runSearch(search);
    expect(verdict).toBe('ok');
    expect(coverage).toMatchObject({ states: 5, complete: true });
    const ends: number[] = [];
    search.forEachEnd((number) => ends.push(number));
    const [trace] = search.tracesTo(ends);
    expect(trace?.steps.map(({ state }) => state?.[0])).toEqual([2, 4, 3]);
  });

  it('leaves out what a lone action makes needless', () => {
    // Two independent steps: either order meets in state 3.
    const diamond: Graph = {
      edges: [[{ to: 1 }, { to: 2 }], [{ to: 3 }], [{ to: 3 }], []],
      ends: [3],
      lone: { 0: 0 },
    };
    expect(runSearch(new Strategy(graphModel(diamond), { loneActions: true })).coverage.states).toBe(3);
    expect(runSearch(new Strategy(graphModel(diamond))).coverage.states).toBe(4);
  });

  it('tells an execution under symmetry in steps of the model itself', () => {
    const model = new TwoPhaseCommitModel(4);
    const { witnesses } = runSearch(new Strategy(model, { symmetry: true }));
    expect(witnesses).toHaveLength(2);
    for (const { trace } of witnesses) expectExecution(model, trace);
  });
});

describe('breadth-first search', () => {
  it('gives shortest traces on random graphs', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const graph = randomGraph(seed);
      const { distance, deadlocks } = exploreGraph(graph);
      const nearest = Math.min(...deadlocks.map((state) => distance.get(state) ?? 0));
      const { findings } = runSearch(new BreadthFirstSearch(graphModel(graph), { findAll: true }));
      const deadlock = findings.find((finding) => finding.kind === 'deadlock');
      if (deadlock !== undefined) expect(traceOf(deadlock).steps.length, `seed ${seed}`).toBe(nearest);
    }
  });

  it('finds the opposed locks’ deadlock in two steps', () => {
    const { findings } = runSearch(new BreadthFirstSearch(opposedLocks([0, 1])));
    expect(traceOf(findings[0]).steps).toHaveLength(2);
  });
});
