import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownFiles, root } from './sources.ts';

const files = ownFiles();

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}

describe('files', () => {
  it('have one subject: none is over 500 lines', () => {
    const long = files
      .filter(({ text }) => linesOf(text) > 500)
      .map(({ path, text }) => `${path}: ${linesOf(text)}`);
    expect(long).toEqual([]);
  });

  it('are short: half of them are under 150 lines', () => {
    const sizes = files.map(({ text }) => linesOf(text)).sort((a, b) => a - b);
    expect(sizes[sizes.length >> 1]).toBeLessThan(150);
  });

  it('that run in the guest are under 700 lines together', () => {
    const folder = join(root, 'guest');
    const sizes = readdirSync(folder).map((name) => linesOf(readFileSync(join(folder, name), 'utf8')));
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(700);
  });

  it('are named for what they are, never for being left over', () => {
    const leftovers = files.filter(({ path }) => /(^|\/)(utils?|misc|helpers?)(\.ts$|\/)/i.test(path));
    expect(leftovers.map(({ path }) => path)).toEqual([]);
  });

  it('name no path that exists on one machine only', () => {
    const local = files
      .filter(({ text }) => /["'`(\s]\/(home|Users|work|root)\//.test(text))
      .map(({ path }) => path);
    expect(local).toEqual([]);
  });
});
