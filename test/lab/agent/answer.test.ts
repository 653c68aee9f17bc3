import { describe, expect, it } from 'vitest';
import { parseAgentLine } from '../../../src/lab/agent/answer.ts';

describe('a line of the agent', () => {
  it.each([
    ['hello 6.12.95 /dev/nbd0', { kind: 'hello', release: '6.12.95', disk: '/dev/nbd0' }],
    ['hello 6.12.95 none', { kind: 'hello', release: '6.12.95', disk: null }],
    ['3 done -22', { kind: 'answer', place: 3, answer: { kind: 'done', results: [-22] } }],
    ['3 done 1 2 -1007', { kind: 'answer', place: 3, answer: { kind: 'done', results: [1, 2, -1007] } }],
    [
      '0 blocked futex_do_wait',
      { kind: 'answer', place: 0, answer: { kind: 'blocked', where: 'asleep in futex_do_wait' } },
    ],
    [
      '0 blocked 0',
      { kind: 'answer', place: 0, answer: { kind: 'blocked', where: 'running in the kernel' } },
    ],
    ['12 gone', { kind: 'answer', place: 12, answer: { kind: 'gone' } }],
    ['cleared 0', { kind: 'cleared', left: 0 }],
    ['error cannot do: jump', { kind: 'error', text: 'cannot do: jump' }],
  ])('%s is understood', (line, meaning) => {
    expect(parseAgentLine(line)).toEqual(meaning);
  });

  it.each([
    '',
    'hello',
    'cleared',
    'cleared all',
    '3',
    '3 done x',
    '3 sleeps',
    'x done 1',
    'Segmentation fault',
  ])('%j is none of its own', (line) => {
    expect(parseAgentLine(line)).toBeNull();
  });
});
