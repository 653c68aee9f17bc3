import { describe, expect, it } from 'vitest';
import { record } from '../../explorer/src/recording/record.ts';
import { chooseThread } from '../../explorer/src/schedule/chooseThread.ts';
import { firstTellingRow } from '../../explorer/src/timeline/firstTellingRow.ts';
import { lanesOf } from '../../explorer/src/timeline/lanes.ts';
import { mergedChanges } from '../../explorer/src/timeline/mergedChanges.ts';
import {
  firstBrokenRow,
  GRANULARITIES,
  operationAt,
  rowFrom,
  rowOfStep,
  stepsAt,
  timelineOf,
} from '../../explorer/src/timeline/timeline.ts';
import { Execution, parseReplay } from '../../src/run/index.ts';
import { SCHEMES, shippedProgram, timelineFor } from './support/runs.ts';

const alone = shippedProgram('litmus/devdax/fault/two-mappings-of-one-page.litmus');
const racing = shippedProgram('litmus/devdax/concurrent/pin-outlives-munmap.litmus');
const hazard = shippedProgram('litmus/devdax/unbind/does-not-wait-for-a-pin.litmus');

describe.each([alone, racing, hazard])('the timeline of $name', (program) => {
  const timeline = timelineFor(program);

  it('takes every step of each scheme once and in order', () => {
    for (const scheme of SCHEMES) {
      const taken = timeline.rows.map((row) => row[scheme]);
      expect(taken[0]).toBe(0);
      expect(taken.at(-1)).toBe(timeline[scheme].steps.length);
      expect(taken.every((steps, at) => at === 0 || steps - (taken[at - 1] ?? 0) <= 1)).toBe(true);
    }
  });

  it('moves at least one scheme in each row, and both only inside of one operation', () => {
    for (let at = 1; at < timeline.rows.length; at++) {
      const { devmap, refcount } = stepsAt(timeline, at);
      expect(devmap ?? refcount).toBeDefined();
      if (devmap === undefined || refcount === undefined) continue;
      const texts = SCHEMES.map(
        (scheme) => timeline[scheme].operations[{ devmap, refcount }[scheme].operation]?.text,
      );
      expect(texts[0]).toBe(texts[1]);
      expect(devmap.entry.function).toBe(refcount.entry.function);
    }
  });

  it('is walked to its end and back at every length of a step', () => {
    const last = timeline.rows.length - 1;
    for (const granularity of GRANULARITIES) {
      let at = 0;
      let moves = 0;
      while (at < last && moves++ <= last) at = rowFrom(timeline, at, granularity, 1);
      expect(at).toBe(last);
      expect(rowFrom(timeline, last, granularity, 1)).toBe(last);
      while (at > 0 && moves-- > 0) at = rowFrom(timeline, at, granularity, -1);
      expect(at).toBe(0);
    }
  });
});

describe('the rows worth a look', () => {
  it('begin behind the first operation that counts otherwise under one scheme', () => {
    const timeline = timelineFor(alone);
    expect(operationAt(timeline, firstTellingRow(timeline))?.text).toBe('store(a, 0, 5)');
  });

  it('name the first broken property, and there is none where nothing breaks', () => {
    const broken = timelineFor(hazard);
    expect(operationAt(broken, firstBrokenRow(broken) ?? 0)?.text).toBe('unpin(p)');
    expect(firstBrokenRow(timelineFor(alone))).toBeNull();
  });
});

describe('steps by operation', () => {
  it('stop where operations end', () => {
    const timeline = timelineFor(alone);
    const texts = timeline.stops.operation.slice(1).map((at) => operationAt(timeline, at)?.text);
    expect(texts.slice(0, 4)).toEqual([
      'a = mmap(d, offset=0, length=4K, prot=rw)',
      'b = mmap(d, offset=0, length=4K, prot=r)',
      'store(a, 0, 5)',
      'r = load(b, 0)',
    ]);
  });

  it('tell together what their steps changed, counts first, and leave out what is again as it was', () => {
    const { refcount } = timelineFor(alone);
    const store = refcount.operations.find(({ text }) => text === 'store(a, 0, 5)');
    const changes = mergedChanges(refcount, store?.firstStep ?? 0, (store?.lastStep ?? 0) + 1);
    expect(changes[0]).toEqual({ name: 'd[0].refcount', before: 1, after: 2 });
    expect(changes.map(({ name }) => name)).not.toContain('P.mm.mmap_lock');
  });
});

describe('lanes', () => {
  it('are there for each thread, with its operations under each scheme', () => {
    const lanes = lanesOf(timelineFor(racing));
    expect(lanes.map(({ name }) => name)).toEqual(['P', 'P.A', 'P.B']);
    const munmap = lanes[1]?.stretches.filter(({ operation }) => operation === 'munmap(m)');
    expect(new Set(munmap?.map(({ scheme }) => scheme))).toEqual(new Set(SCHEMES));
  });
});

describe('a thread chosen by hand', () => {
  const turns = record(racing, 'refcount');
  const start = turns.steps.findIndex(({ thread }) => thread === 1);
  const replay = chooseThread(turns, start, 2);

  it('takes the step behind the state in which it was chosen', () => {
    const schedule = parseReplay(replay);
    if ('error' in schedule) throw new Error(schedule.error);
    const chosen = record(racing, 'refcount', { replay: schedule });
    expect(chosen.error).toBeNull();
    expect(chosen.steps.slice(0, start).map(({ entry }) => entry)).toEqual(
      turns.steps.slice(0, start).map(({ entry }) => entry),
    );
    expect(chosen.steps[start]?.thread).toBe(2);
    expect(rowOfStep(timelineOf(record(racing, 'devmap'), chosen), 'refcount', start + 1)).toBeGreaterThan(
      start,
    );
  });

  it('gives the string with which the command line does the same', () => {
    const schedule = parseReplay(replay);
    if ('error' in schedule) throw new Error(schedule.error);
    const execution = new Execution(racing, 'refcount', { replay: schedule });
    execution.advance(Number.POSITIVE_INFINITY);
    const chosen = record(racing, 'refcount', { replay: schedule });
    const ended = chosen.operations
      .filter(({ result }) => result !== null)
      .sort((one, other) => one.lastStep - other.lastStep);
    expect(ended.map(({ text, result }) => [text, result?.result])).toEqual(
      execution.result().steps.map(({ text, result }) => [text, result]),
    );
  });
});
