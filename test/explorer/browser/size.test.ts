import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtPage } from './builtPage.ts';

/** What is loaded only when somebody asks for it: the checker, the bugs, the doc comments of the kernel. */
const LATER = /^(check|executeCheck|bugs|_virtual_kernel-docs)-/;
const BUILD_MILLISECONDS = 240_000;
const LIMIT_BYTES = 400_000;

describe('the built page', () => {
  let sizes: ReadonlyMap<string, number>;
  beforeAll(() => {
    const assets = join(builtPage(), 'assets');
    const names = readdirSync(assets).filter((name) => name.endsWith('.br'));
    sizes = new Map(names.map((name) => [name, statSync(join(assets, name)).size]));
  }, BUILD_MILLISECONDS);

  it('is below 400 kB compressed, worker and editor included', () => {
    const first = [...sizes].filter(([name]) => !LATER.test(name));
    expect(first.some(([name]) => name.startsWith('worker-'))).toBe(true);
    expect(first.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThan(LIMIT_BYTES);
  });

  it('has the kernel in its worker only', () => {
    const page = [...sizes].find(([name]) => /^index-.*\.js\.br$/.test(name));
    expect(page?.[1]).toBeLessThan(LIMIT_BYTES / 4);
  });
});
