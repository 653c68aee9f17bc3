import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../../src/lab/initramfs/hostPrograms.ts';
import { type ArchiveEntry, newcArchive } from '../../../src/lab/initramfs/newcArchive.ts';

interface Record {
  readonly name: string;
  readonly mode: number;
  readonly device: string;
  readonly content: string;
}

/** Reads an archive by the format's own description, independent of what writes it. */
function readArchive(bytes: Buffer): Record[] {
  const records: Record[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(at % 4).toBe(0);
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number): number =>
      Number.parseInt(bytes.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16);
    const nameStart = at + 110;
    const name = bytes.toString('utf8', nameStart, nameStart + field(11) - 1);
    expect(bytes[nameStart + field(11) - 1]).toBe(0);
    const start = Math.ceil((nameStart + field(11)) / 4) * 4;
    const content = bytes.toString('latin1', start, start + field(6));
    records.push({ name, mode: field(1), device: `${field(9)}:${field(10)}`, content });
    at = Math.ceil((start + field(6)) / 4) * 4;
  }
  return records;
}

function file(path: string, content: string | Buffer, executable = false): ArchiveEntry {
  return { kind: 'file', path, content: Buffer.from(content), executable };
}

const names = fc
  .array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => `${parts.join('/')}/file`);

describe('an archive', () => {
  it('has folders before what is in them, modes, devices and contents, and an end', () => {
    const archive = newcArchive([
      file('init', '#!', true),
      { kind: 'characterDevice', path: 'dev/console', major: 5, minor: 1 },
      file('a/b/c', 'text'),
      { kind: 'folder', path: '/proc' },
    ]);
    expect(readArchive(archive)).toEqual([
      { name: 'a', mode: 0o040755, device: '0:0', content: '' },
      { name: 'a/b', mode: 0o040755, device: '0:0', content: '' },
      { name: 'a/b/c', mode: 0o100644, device: '0:0', content: 'text' },
      { name: 'dev', mode: 0o040755, device: '0:0', content: '' },
      { name: 'dev/console', mode: 0o020600, device: '5:1', content: '' },
      { name: 'init', mode: 0o100755, device: '0:0', content: '#!' },
      { name: 'proc', mode: 0o040755, device: '0:0', content: '' },
      { name: 'TRAILER!!!', mode: 0, device: '0:0', content: '' },
    ]);
  });

  test.prop([fc.dictionary(names, fc.uint8Array({ maxLength: 20 }))])(
    'holds every file as it was',
    (files) => {
      const entries = Object.entries(files).map(([path, content]) => file(path, Buffer.from(content)));
      const records = new Map(readArchive(newcArchive(entries)).map(({ name, content }) => [name, content]));
      for (const [path, content] of Object.entries(files)) {
        expect(records.get(path)).toBe(Buffer.from(content).toString('latin1'));
      }
    },
  );

  test.prop([fc.uniqueArray(names), fc.infiniteStream(fc.nat())])(
    'does not depend on the order of its entries',
    (paths, order) => {
      const entries = paths.map((path) => file(path, path));
      const keyed = entries.map((entry) => ({ entry, key: order.next().value ?? 0 }));
      const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry);
      expect(newcArchive(shuffled).equals(newcArchive(entries))).toBe(true);
    },
  );

  const cpio = findProgram('cpio');
  it.skipIf(cpio === null)(`is one for cpio${cpio === null ? ' (skipped: there is no cpio)' : ''}`, () => {
    const archive = newcArchive([file('etc/motd', 'hello'), file('init', 'x'.repeat(5), true)]);
    const { stdout, status } = spawnSync(cpio ?? '', ['--list', '--quiet'], {
      input: archive,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toBe('etc\netc/motd\ninit\n');
    expect(existsSync('etc/motd')).toBe(false);
  });
});
