import { describe, expect, it } from 'vitest';
import { newZone, type ZoneContext } from '../../../src/lab/execute/operations/requests.ts';

describe('a zone of the disk for another request', () => {
  function context(next: number, held: number): ZoneContext {
    return {
      world: { nextZone: () => next, requestsHeld: () => held },
      cannot: (why) => {
        throw new Error(why);
      },
    };
  }

  it('is the next one', () => {
    expect(newZone(context(2047, 249))).toBe(2047);
  });

  it('is none where the upper half of the disk begins, which fails its requests', () => {
    expect(() => newZone(context(2048, 0))).toThrow('2047 requests a test');
  });

  it('is none where so many are in flight that the next would wait for them', () => {
    expect(() => newZone(context(300, 250))).toThrow('250 requests at a time');
  });
});
