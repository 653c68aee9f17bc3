import { describe, expect, it } from 'vitest';
import {
  breaks,
  bugNamed,
  cleanKernel,
  type Engine,
  findBug,
  isAsExpected,
  kernelWith,
} from '../../src/bugs/index.ts';
import { run } from '../../src/run/index.ts';

function bugOf(name: string): NonNullable<ReturnType<typeof bugNamed>> {
  const bug = bugNamed(name);
  if (bug === undefined) throw new Error(`no bug '${name}'`);
  return bug;
}

const plain: Engine = function* plain(program, scheme, kernel) {
  yield run(program, scheme, kernel);
};

describe('findBug', () => {
  it('takes any engine, and asks it for no more than it needs', () => {
    let asked = 0;
    const endless: Engine = function* endless(program, scheme, kernel) {
      for (; kernel !== cleanKernel || asked < 3; asked++) yield run(program, scheme, kernel);
    };
    const search = findBug(bugOf('index-rounded-up'), 'refcount', endless);
    expect(search.results).toEqual({ withBug: 1, without: 3 });
    expect(isAsExpected(search)).toBe(true);
  });

  it('says so when an engine does not find the bug', () => {
    const search = findBug(bugOf('no-grace-period'), 'refcount', plain);
    expect(search.found).toBeNull();
    expect(isAsExpected(search)).toBe(false);
  });

  it('says so when the kernel without the bug fails the test', () => {
    const bug = bugOf('index-rounded-up');
    const always: Engine = function* always(program, scheme) {
      yield run(program, scheme, kernelWith(bug));
    };
    const search = findBug(bug, 'devmap', always);
    expect(search.dirty?.violations.map(({ property }) => property)).toEqual(['mapping-index']);
    expect(isAsExpected(search)).toBe(false);
  });

  it('takes no other violation for the bug’s', () => {
    const bug = { ...bugOf('index-rounded-up'), breaks: 'hang' } as const;
    expect(findBug(bug, 'devmap', plain).found).toBeNull();
  });

  it('knows a broken condition from a broken property', () => {
    const bug = bugOf('mapcount-before-refcount');
    const { found } = findBug(bug, 'refcount', plain);
    expect(found).not.toBeNull();
    if (found === null) return;
    expect(breaks(found, 'always')).toBe(true);
    expect(breaks(found, 'finally')).toBe(false);
  });
});
