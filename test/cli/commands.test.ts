import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { daxlab } from './support/fakeHost.ts';

const tests = join(import.meta.dirname, 'tests');

function inFreshFolder(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'daxlab-')), name);
  writeFileSync(file, text);
  return file;
}

const UNTIDY = 'DAX untidy\ndevice d=devdax(size=4M)\nprocess P{m=mmap(d,0,4K,rw)}\n';

describe('daxlab fmt', () => {
  it('brings a file into its canonical form, once', async () => {
    const file = inFreshFolder('untidy.litmus', UNTIDY);
    expect(await daxlab(['fmt', file])).toEqual({ status: 0, out: '', err: '' });
    const tidy = readFileSync(file, 'utf8');
    expect(tidy).not.toBe(UNTIDY);
    expect(await daxlab(['fmt', '--check', file])).toEqual({ status: 0, out: '', err: '' });
    await daxlab(['fmt', file]);
    expect(readFileSync(file, 'utf8')).toBe(tidy);
  });

  it('with --check says what it would change, and changes nothing', async () => {
    const file = inFreshFolder('untidy.litmus', UNTIDY);
    expect(await daxlab(['fmt', '--check', file])).toEqual({
      status: 1,
      out: `${file}: is not formatted; daxlab fmt ${file} writes it\n`,
      err: '',
    });
    expect(readFileSync(file, 'utf8')).toBe(UNTIDY);
  });

  it('goes from standard input to standard output', async () => {
    const { out, status } = await daxlab(['fmt', '-'], { input: UNTIDY });
    expect(status).toBe(0);
    expect(out).toMatch(/^DAX untidy\n/);
  });

  it('leaves a file with mistakes alone and says where they are', async () => {
    const file = inFreshFolder('bad.litmus', 'DAX bad\nprocess {\n');
    const { err, status } = await daxlab(['fmt', file]);
    expect(status).toBe(2);
    expect(err).toMatch(/bad\.litmus:2:\d+: /);
    expect(readFileSync(file, 'utf8')).toBe('DAX bad\nprocess {\n');
  });
});

describe('daxlab list', () => {
  it('gives name, sentence and devices of each test', async () => {
    const file = inFreshFolder('x.litmus', '');
    copyFileSync(join(tests, 'unbind-under-a-pin.litmus'), file);
    const { out, status } = await daxlab(['list', file]);
    expect(status).toBe(0);
    expect(out).toBe(
      [
        `unbind-under-a-pin  ${file}`,
        '  The driver goes while a page is pinned, and the unpin touches what is no longer there.',
        '  d = devdax(size=4M, align=2M)',
        '',
      ].join('\n'),
    );
  });

  it('does so as JSON too, and names what does not parse', async () => {
    const { out, err, status } = await daxlab(['list', '--json', tests]);
    expect(status).toBe(2);
    expect(err).toMatch(/broken\.litmus:4/);
    const document = JSON.parse(out) as { tests: { name: string; devices: unknown[] }[] };
    expect(document).toMatchObject({ tool: 'daxlab', schemaVersion: 1, verb: 'list' });
    expect(document.tests.map(({ name }) => name)).toEqual([
      'fails',
      'pin-outlives-munmap',
      'unbind-under-a-pin',
    ]);
    expect(document.tests[0]?.devices).toEqual([{ name: 'd', kind: 'devdax', size: 4_194_304, align: 4096 }]);
  });

  it('says how file systems are made', async () => {
    const text =
      'DAX x device d = fsdax(size=4M) device e = fsdax(size=4M, fs=xfs, rmapbt) process P { exec() }';
    const file = inFreshFolder('x.litmus', text);
    const { out } = await daxlab(['list', file]);
    expect(out).toContain('  d = fsdax(size=4M, fs=ext4), e = fsdax(size=4M, fs=xfs, rmapbt)\n');
    const document = JSON.parse((await daxlab(['list', '--json', file])).out);
    expect(document.tests[0].devices).toMatchObject([
      { fs: 'ext4', rmapbt: false },
      { fs: 'xfs', rmapbt: true },
    ]);
  });
});

describe('daxlab', () => {
  it('prints its version and its help', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await daxlab(['--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' });
    const help = await daxlab(['--help']);
    expect(help.status).toBe(0);
    for (const verb of ['run', 'fmt', 'list']) expect(help.out).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
  });

  it.each([
    [['show'], 'show'],
    [['show', '--help'], 'show'],
    [['--help', 'show'], 'show'],
    [['help', 'show'], 'show'],
    [['inspect', 'litmus', '-h'], 'inspect'],
    [['kernel', 'boot', '--help'], 'boot'],
  ])('refuses %j, which is no command', async (args, command) => {
    const { status, out, err } = await daxlab(args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(new RegExp(`^error: unknown command '${command}'\n`));
  });

  it.each([
    [['run', '--help'], 'daxlab run'],
    [['help', 'run'], 'daxlab run'],
    [['kernel', '--help'], 'daxlab kernel'],
    [['kernel', 'help', 'fetch'], 'daxlab kernel fetch'],
    [['help'], 'daxlab [options]'],
  ])('helps with %j', async (args, usage) => {
    const { status, out } = await daxlab(args);
    expect(status).toBe(0);
    expect(out).toContain(`Usage: ${usage} `);
  });
});
