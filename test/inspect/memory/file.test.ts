import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InspectError, openFile } from '../../../src/inspect/index.ts';

describe('a file of memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
  const path = join(folder, 'ram');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is read where it is asked for, and at its end as far as it goes', () => {
    writeFileSync(path, Uint8Array.of(1, 2, 3, 4, 5));
    const file = openFile(path);
    expect([...file.read(1, 2)]).toEqual([2, 3]);
    expect([...file.read(3n, 10)]).toEqual([4, 5]);
    expect([...file.read(9, 10)]).toEqual([]);
    file.close();
  });

  it('shows what was written since it was opened', () => {
    writeFileSync(path, Uint8Array.of(1));
    const file = openFile(path);
    expect([...file.read(0, 1)]).toEqual([1]);
    writeFileSync(path, Uint8Array.of(2));
    expect([...file.read(0, 1)]).toEqual([2]);
    file.close();
  });

  it('has nothing where the system refuses to read', () => {
    const directory = openFile(folder);
    expect([...directory.read(0, 8)]).toEqual([]);
    directory.close();
  });

  it('that is not there is refused with its path', () => {
    expect(() => openFile(join(folder, 'absent'))).toThrow(InspectError);
    expect(() => openFile(join(folder, 'absent'))).toThrow(join(folder, 'absent'));
  });
});
