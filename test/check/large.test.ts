import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { check } from '../../src/check/index.ts';
import { loadTest } from '../../src/litmus/index.ts';
import { root } from '../architecture/sources.ts';

it.each(['devmap', 'refcount'] as const)('frames behind 128 TiB are searched as any other (%s)', (scheme) => {
  const file = join(root, 'litmus/fsdax/fault/behind-terabytes.litmus');
  const loaded = loadTest(readFileSync(file, 'utf8'), file);
  if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
  const { verdict, stats, violations } = check(loaded.program, scheme);
  expect({ verdict, violations, complete: stats.complete }).toEqual({
    verdict: 'ok',
    violations: [],
    complete: true,
  });
});
