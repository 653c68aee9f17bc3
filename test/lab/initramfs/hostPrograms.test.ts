import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram, isStaticProgram, withLibraries } from '../../../src/lab/initramfs/hostPrograms.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('programs of this machine', () => {
  it('are found in the folders of a path, in its order', () => {
    const root = temporaryFolder();
    for (const folder of ['first', 'second']) mkdirSync(join(root, folder));
    writeFileSync(join(root, 'first', 'daxlab-tool'), '');
    writeFileSync(join(root, 'second', 'daxlab-tool'), '');
    chmodSync(join(root, 'second', 'daxlab-tool'), 0o755);
    mkdirSync(join(root, 'first', 'daxlab-folder'));
    expect(findProgram('daxlab-tool', `${root}/first:${root}/second`)).toBe(
      join(root, 'second', 'daxlab-tool'),
    );
    expect(findProgram('daxlab-folder', `${root}/first`)).toBeNull();
    expect(findProgram('daxlab-tool', '')).toBeNull();
  });

  it('come with exactly the libraries that the system’s own loader finds', () => {
    const listed = execFileSync('ldd', ['/bin/sh'], { encoding: 'utf8' });
    const expected = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => realpathSync(path)).sort();
    const entries = withLibraries('sh', 'bin/sh');
    expect(entries[0]?.path).toBe('bin/sh');
    expect(
      entries
        .slice(1)
        .map(({ path }) => realpathSync(path))
        .sort(),
    ).toEqual(expected);
    expect(isStaticProgram('/bin/sh')).toBe(false);
  });

  it('that are missing end in an error with a next step', () => {
    expect(() => withLibraries('daxlab-no-such-program', 'bin/x')).toThrow(
      'there is no daxlab-no-such-program on this machine: "daxlab kernel doctor" says',
    );
  });

  it('are not static because they are no programs', () => {
    const text = join(temporaryFolder(), 'text');
    writeFileSync(text, '#!/bin/sh\n');
    expect(isStaticProgram(text)).toBe(false);
  });
});
