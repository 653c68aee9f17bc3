import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { errnoName, errnoValue, idleRefcount, signalName, signalValue } from '../../../src/litmus/index.ts';

describe('errno and signal names', () => {
  it('have the numbers of the system that runs this test', () => {
    expect(Object.keys(constants.errno).length).toBeGreaterThan(60);
    for (const [name, number] of Object.entries(constants.errno)) {
      expect([name, errnoValue(name)]).toEqual([name, -number]);
    }
    for (const [name, number] of Object.entries(constants.signals)) {
      const isAlias = name === 'SIGIOT' || name === 'SIGPOLL';
      expect([name, signalValue(name)]).toEqual([name, isAlias ? null : -1000 - number]);
    }
  });

  it('are found back from a result', () => {
    expect(errnoName(-22)).toBe('EINVAL');
    expect(errnoName(-95)).toBe('EOPNOTSUPP');
    expect(errnoName(22)).toBeNull();
    expect(signalName(-1007)).toBe('SIGBUS');
    expect([errnoName(-1007), signalName(-7), errnoName(0), signalName(-1000)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('are not taken from words that objects know', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'EFOO', '']) {
      expect([errnoValue(word), signalValue(word)]).toEqual([null, null]);
    }
  });
});

describe('the count of an idle page', () => {
  it('is 1 but for a file system page under the refcount scheme', () => {
    expect(idleRefcount('devmap', 'devdax')).toBe(1);
    expect(idleRefcount('refcount', 'devdax')).toBe(1);
    expect(idleRefcount('devmap', 'fsdax')).toBe(1);
    expect(idleRefcount('refcount', 'fsdax')).toBe(0);
  });
});
