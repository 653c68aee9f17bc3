import { describe, expect, it } from 'vitest';
import { checkLocks } from '../../src/compile/check/locks.ts';
import { formatRefusal } from '../../src/compile/dialect/refusal.ts';
import { select } from '../../src/compile/link/selection.ts';
import { programOf } from './tinyKernel.ts';

/** What is found in an operation `f(p, q)` whose body stands on line 11, among functions that lock. */
function findings(body: string): string[] {
  const source = `export const BUSY = 11;
export function* try_map(p: number): Op<number> {
  if ((yield* load(cell.value, p)) === 0) return 0;
  yield* spin_lock(cell.lock, p);
  return p + 1;
}
export function* find(p: number): Op<number> {
  return (yield* down_read_trylock(cell.value, p)) ? p : 0;
}
export function* f(p: number, q: number): Op<number> {
${body}
  return 0;
}`;
  const selection = select(programOf({ 'a.ts': source }), 'devmap');
  return checkLocks(selection, 'f').map(formatRefusal);
}

describe('locks that are in order', () => {
  it.each([
    ['yield* spin_lock(cell.lock, p); yield* spin_unlock(cell.lock, p);'],
    ['yield* down_read(cell.value, p); yield* up_read(cell.value, p);'],
    [
      'yield* down_write(cell.value, p); yield* downgrade_write(cell.value, p); yield* up_read(cell.value, p);',
    ],
    [
      'yield* spin_lock(cell.lock, p); yield* spin_lock(cell.lock, q); yield* spin_unlock(cell.lock, p); yield* spin_unlock(cell.lock, q);',
    ],
    ['if (yield* spin_trylock(cell.lock, p)) yield* spin_unlock(cell.lock, p);'],
    ['if (!(yield* spin_trylock(cell.lock, p))) return -BUSY; yield* spin_unlock(cell.lock, p);'],
    ['const at = yield* try_map(p); if (at === 0) return -BUSY; yield* spin_unlock(cell.lock, at - 1);'],
    ['const at = yield* find(p); if (at) { yield* load(cell.lock, 0); yield* up_read(cell.value, at); }'],
    [
      'let locked = 0; if (p) { yield* spin_lock(cell.lock, p); locked = 1; } yield* load(cell.value, 0); if (locked) yield* spin_unlock(cell.lock, p);',
    ],
    [
      'if (p !== q) yield* spin_lock(cell.lock, p); yield* load(cell.value, 0); if (p !== q) yield* spin_unlock(cell.lock, p);',
    ],
    ['for (let i = 0; i < p; i++) { yield* spin_lock(cell.lock, i); yield* spin_unlock(cell.lock, i); }'],
  ])('pass: %s', (body) => {
    expect(findings(body)).toEqual([]);
  });
});

describe('locks that are not', () => {
  it.each([
    ['yield* spin_unlock(cell.lock, p);', 'f drops lock cell.lock, which it does not hold'],
    [
      'yield* spin_lock(cell.lock, p); yield* spin_lock(cell.lock, p); yield* spin_unlock(cell.lock, p); yield* spin_unlock(cell.lock, p);',
      'f takes lock cell.lock twice',
    ],
    ['yield* spin_lock(cell.lock, p);', 'f ends holding lock cell.lock'],
    [
      'yield* spin_lock(cell.lock, p); if (q) return 1; yield* spin_unlock(cell.lock, p);',
      'f ends holding lock cell.lock',
    ],
    [
      'yield* down_write(cell.value, p); yield* up_write(cell.value, p); yield* up_read(cell.value, p);',
      'f drops lock cell.value, which it does not hold',
    ],
    [
      'if (p > 1) yield* spin_lock(cell.lock, 1); yield* load(cell.value, 0); if (q > 1) yield* spin_unlock(cell.lock, 1);',
      'locks held differ by path ({cell.lock} or {})',
    ],
    [
      'const at = yield* try_map(p); yield* load(cell.value, 0); yield* spin_unlock(cell.lock, at);',
      'f drops lock cell.lock, which it does not hold',
    ],
    [
      'if (p !== q) yield* spin_lock(cell.lock, p); yield* load(cell.value, 0); yield* spin_unlock(cell.lock, p);',
      'f drops lock cell.lock, which it does not hold',
    ],
    ['for (let i = 0; i < p; i++) { yield* spin_lock(cell.lock, i); }', 'f ends holding lock cell.lock'],
  ])('are refused: %s', (body, message) => {
    expect(findings(body)).toContain(`common/a.ts:11: ${message}`);
  });
});
