import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../lab/support/temporaryFolder.ts';
import { daxlab } from './support/fakeHost.ts';

const RELEASE = '6.12.95+deb12-amd64';
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** Puts whole kernels into a cache as a fetch leaves them. */
function cacheWith(releases: readonly string[]): string {
  const cache = temporaryFolder();
  for (const release of releases) {
    const folder = join(cache, 'daxlab', 'kernels', release);
    mkdirSync(join(folder, 'modules'), { recursive: true });
    for (const name of ['vmlinuz', 'whole']) writeFileSync(join(folder, name), '');
  }
  return cache;
}

describe('daxlab kernel list', () => {
  it('lists the kernels that are here, from old to new, with their schemes', async () => {
    const cache = cacheWith(['7.3.4+deb13-amd64', '6.12.107+deb13-amd64', RELEASE]);
    const { status, out, err } = await daxlab(['kernel', 'list'], { environment: { XDG_CACHE_HOME: cache } });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.split('\n').map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      [RELEASE, 'devmap'],
      ['6.12.107+deb13-amd64', 'devmap'],
      ['7.3.4+deb13-amd64', 'refcount'],
      [''],
    ]);
  });

  it('gives the same as JSON', async () => {
    const cache = cacheWith([RELEASE]);
    const { status, out } = await daxlab(['kernel', 'list', '--json'], {
      environment: { XDG_CACHE_HOME: cache },
    });
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      tool: 'daxlab',
      schemaVersion: 1,
      verb: 'kernel list',
      kernels: [{ release: RELEASE, scheme: 'devmap', folder: join(cache, 'daxlab', 'kernels', RELEASE) }],
    });
  });

  it('takes away what a fetch has left that was killed, and nothing of one that runs', async () => {
    const cache = cacheWith([RELEASE]);
    const kernels = join(cache, 'daxlab', 'kernels');
    const { pid } = spawnSync('true');
    for (const name of [`.fetch-${pid}`, `.fetch-${process.pid}`]) {
      mkdirSync(join(kernels, name, 'packages'), { recursive: true });
      writeFileSync(join(kernels, name, 'packages', 'half.deb'), '');
    }
    const { status } = await daxlab(['kernel', 'list'], { environment: { XDG_CACHE_HOME: cache } });
    expect(status).toBe(0);
    expect(readdirSync(kernels).sort()).toEqual([`.fetch-${process.pid}`, RELEASE].sort());
  });

  it('without any kernel says how to get one', async () => {
    const cache = temporaryFolder();
    const { status, out, err } = await daxlab(['kernel', 'list'], { environment: { XDG_CACHE_HOME: cache } });
    expect({ status, out }).toEqual({ status: 0, out: '' });
    expect(err).toBe(`no kernel in ${cache}/daxlab/kernels: "daxlab kernel fetch newest" gets one\n`);
  });

  it('says in one line what the system refuses where the cache cannot be looked at', async () => {
    const cache = temporaryFolder();
    writeFileSync(join(cache, 'daxlab'), '');
    const { status, out, err } = await daxlab(['kernel', 'list'], { environment: { XDG_CACHE_HOME: cache } });
    expect({ status, out }).toEqual({ status: 4, out: '' });
    expect(err).toMatch(
      /^error: ENOTDIR: .*daxlab\/kernels'; XDG_CACHE_HOME and TMPDIR may name other folders\n$/,
    );
  });

  it('takes the cache of the home folder when XDG_CACHE_HOME is not an absolute path', async () => {
    const home = temporaryFolder();
    const { err } = await daxlab(['kernel', 'list'], {
      environment: { XDG_CACHE_HOME: 'relative', HOME: home },
    });
    expect(err).toContain(`no kernel in ${home}/.cache/daxlab/kernels`);
  });
});

describe('daxlab kernel doctor', () => {
  it('on a machine with nothing names the one command that installs it', async () => {
    const environment = { XDG_CACHE_HOME: temporaryFolder(), PATH: temporaryFolder() };
    const { status, out } = await daxlab(['kernel', 'doctor', '--json'], { environment });
    const { ready, install, findings } = JSON.parse(out) as {
      ready: boolean;
      install: string;
      findings: { name: string; found: string | null }[];
    };
    expect(status).toBe(4);
    expect(ready).toBe(false);
    expect(install).toMatch(/^apt-get install -y .*\bbusybox-static\b.*\bndctl\b.*\bqemu-system-x86\b/);
    expect(findings.find(({ name }) => name === 'devmap kernel')?.found).toBeNull();
  });

  it('says the same in words', async () => {
    const environment = { XDG_CACHE_HOME: temporaryFolder(), PATH: temporaryFolder() };
    const { status, out } = await daxlab(['kernel', 'doctor'], { environment });
    expect(status).toBe(4);
    expect(out).toMatch(/^missing {2}qemu-system-x86_64 /m);
    expect(out).toContain('  apt-get install -y ');
    expect(out).toContain('  daxlab kernel fetch 6.12\n  daxlab kernel fetch newest\n');
  });

  it('names the modules that a kernel lacks', async () => {
    const { out } = await daxlab(['kernel', 'doctor'], {
      environment: { XDG_CACHE_HOME: cacheWith([RELEASE]) },
    });
    expect(out).toMatch(
      new RegExp(`^ {2}${RELEASE.replace('+', '\\+')}: it has no virtio_pci, .*libnvdimm, .*nbd$`, 'm'),
    );
  });
});

describe('daxlab kernel fetch', () => {
  it.each(['latest', '6', '../6.12'])('takes %j for no version', async (version) => {
    const { status, err } = await daxlab(['kernel', 'fetch', version]);
    expect(status).toBe(2);
    expect(err).toBe(`error: '${version}' is no kernel version: expected one like 6.12, or newest\n`);
  });

  it('wants a version', async () => {
    expect((await daxlab(['kernel', 'fetch'])).status).toBe(2);
  });
});

/** Stands in for apt and dpkg; waits for ever at the stage that DAXLAB_WAIT names, with its number in DAXLAB_PID. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'apt-get': `case "$*" in
*indextargets*) . /etc/os-release; printf 'http://archive.invalid/debian/\\t%s\\tmain\\n' "$VERSION_CODENAME" ;;
*" update") wait_at lists ;;
*" download "*) echo half >kernel.deb; wait_at download ;;
esac`,
  'apt-cache': `case "$*" in *" search "*) echo 'linux-image-${RELEASE} - Linux' ;; esac`,
  'dpkg-deb': `mkdir -p "$3/boot" "$3/lib/modules/${RELEASE}"; : >"$3/boot/vmlinuz-${RELEASE}"; wait_at unpack`,
};

const isDebian =
  existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));

interface Fetch {
  readonly status: number | null;
  readonly err: string;
  readonly left: string[];
}

/** Fetches in a process of its own, with the stand-ins; sends a signal when a stage is reached, if one is given. */
async function fetchInProcess(cache: string, stage: string, signal: NodeJS.Signals | null): Promise<Fetch> {
  const programs = temporaryFolder();
  const pidFile = join(programs, 'pid');
  const prelude =
    '#!/bin/sh\nwait_at() { [ "$DAXLAB_WAIT" != "$1" ] || { echo $$ >"$DAXLAB_PID"; exec sleep 100; }; }\n';
  for (const [name, text] of Object.entries(PROGRAMS)) {
    writeFileSync(join(programs, name), `${prelude}${text}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'kernel', 'fetch', '6.12'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PATH: `${programs}:${process.env.PATH ?? ''}`,
      XDG_CACHE_HOME: cache,
      DAXLAB_WAIT: stage,
      DAXLAB_PID: pidFile,
    },
  });
  let err = '';
  child.stderr.on('data', (text) => {
    err += String(text);
  });
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (signal !== null) {
    for (let i = 0; i < 400 && !(existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n')); i++)
      await sleep(50);
    child.kill(signal);
  }
  const ended = await status;
  if (signal !== null) {
    const waiting = join('/proc', readFileSync(pidFile, 'utf8').trim());
    for (let i = 0; i < 100 && existsSync(waiting); i++) await sleep(50);
    expect(existsSync(waiting)).toBe(false);
  }
  return { status: ended, err, left: readdirSync(join(cache, 'daxlab', 'kernels')) };
}

describe.skipIf(!isDebian)(
  `a fetch in a process of its own${isDebian ? '' : ' (skipped: this is not Debian)'}`,
  () => {
    it('ends with the kernel in the cache', async () => {
      const { status, left } = await fetchInProcess(temporaryFolder(), '', null);
      expect({ status, left }).toEqual({ status: 0, left: [RELEASE] });
    });

    it.each(['lists', 'download', 'unpack'])(
      'that is interrupted at its %s leaves no file and no process',
      async (stage) => {
        const { status, err, left } = await fetchInProcess(temporaryFolder(), stage, 'SIGINT');
        expect({ status, err, left }).toEqual({
          status: 3,
          err: 'error: interrupted; nothing is left behind\n',
          left: [],
        });
      },
    );

    it('that is killed leaves no process and nothing that is taken for a kernel, and the next one succeeds', async () => {
      const cache = temporaryFolder();
      const killed = await fetchInProcess(cache, 'unpack', 'SIGKILL');
      expect(killed.left).toHaveLength(1);
      expect(killed.left[0]).toMatch(/^\.fetch-\d+$/);
      const { out } = await daxlab(['kernel', 'list'], { environment: { XDG_CACHE_HOME: cache } });
      expect(out).toBe('');
      const { status, left } = await fetchInProcess(cache, '', null);
      expect({ status, left }).toEqual({ status: 0, left: [RELEASE] });
    });
  },
);
