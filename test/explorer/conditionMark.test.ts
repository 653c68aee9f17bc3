import { describe, expect, it } from 'vitest';
import { markOfCheck, markOfRun } from '../../explorer/src/check/conditionMark.ts';

describe('the mark of a condition', () => {
  it.each(['exists', 'hazard'] as const)('is no failure for %s, which one run has not seen', (kind) => {
    expect(markOfRun({ kind, holds: true })).toBe('✓');
    expect(markOfRun({ kind, holds: false })).toBe('– not seen:');
  });

  it.each(['assert', 'always', 'finally', 'never'] as const)(
    'is a failure for %s, which a run broke',
    (kind) => {
      expect(markOfRun({ kind, holds: true })).toBe('✓');
      expect(markOfRun({ kind, holds: false })).toBe('✗ broken:');
      expect(markOfCheck({ kind, holds: false }, false)).toBe('✗ broken:');
    },
  );

  it('promises nothing before everything was looked at', () => {
    expect(markOfCheck({ kind: 'never', holds: true }, false)).toBe('– not broken so far:');
    expect(markOfCheck({ kind: 'exists', holds: false }, false)).toBe('– not seen so far:');
    expect(markOfCheck({ kind: 'exists', holds: true }, false)).toBe('✓');
    expect(markOfCheck({ kind: 'never', holds: true }, true)).toBe('✓');
    expect(markOfCheck({ kind: 'exists', holds: false }, true)).toBe('✗ in no execution:');
  });
});
