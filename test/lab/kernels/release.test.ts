import { describe, expect, it } from 'vitest';
import {
  compareReleases,
  isWanted,
  newestWanted,
  parseWanted,
  schemeOf,
} from '../../../src/lab/kernels/release.ts';

const RELEASES = [
  '6.1.0-50-amd64',
  '6.12.9+deb12-amd64',
  '6.12.90+deb12-amd64',
  '6.12.90+deb12.1-amd64',
  '6.12.95+deb12-amd64',
  '6.12.95+deb13-amd64',
  '6.16.12+deb13-amd64',
  '7.0.4+deb13-amd64',
  '10.1.0-amd64',
];

function wanted(text: string): NonNullable<ReturnType<typeof parseWanted>> {
  const parsed = parseWanted(text);
  if (parsed === null) throw new Error(`${text} is no version`);
  return parsed;
}

describe('releases', () => {
  it('are ordered by their numbers, not as text', () => {
    expect([...RELEASES].reverse().sort(compareReleases)).toEqual(RELEASES);
  });

  it.each([
    ['6.12', '6.12.95+deb13-amd64'],
    ['6.12.90', '6.12.90+deb12.1-amd64'],
    ['6.12.95+deb12', '6.12.95+deb12-amd64'],
    ['6.12.95+deb12-amd64', '6.12.95+deb12-amd64'],
    ['6.1', '6.1.0-50-amd64'],
    ['newest', '10.1.0-amd64'],
  ])('%s stands for the newest of its line, %s', (text, release) => {
    expect(newestWanted(RELEASES, wanted(text))).toBe(release);
  });

  it('do not match numbers that only begin alike', () => {
    expect(isWanted('6.120.1-amd64', wanted('6.12'))).toBe(false);
    expect(newestWanted(RELEASES, wanted('6.2'))).toBeNull();
  });

  it.each(['', 'latest', '6', '6.', '.12', '6.12/../..', '6.12 ', '-o', '6.x'])(
    '%j is no version',
    (text) => {
      expect(parseWanted(text)).toBeNull();
    },
  );

  it('have the refcount scheme from 6.15 on', () => {
    expect(['6.14.11-amd64', '6.15-amd64', '6.15.1-amd64', '7.0.1-amd64'].map(schemeOf)).toEqual([
      'devmap',
      'refcount',
      'refcount',
      'refcount',
    ]);
  });
});
