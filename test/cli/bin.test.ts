import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'bin', 'daxlab.js');
const isBuilt = existsSync(join(root, 'dist', 'cli', 'main.js'));

const short = join(import.meta.dirname, 'tests', 'pin-outlives-munmap.litmus');

function longTest(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'daxlab-')), 'z.litmus');
  const body = 'm = mmap(d, 0, 4K, rw) repeat 100000000 { store(m, 0, 1) madvise(m, DONTNEED) }';
  writeFileSync(file, `DAX endless\ndevice d = devdax(size=4M, align=4K)\nprocess P { ${body} }\n`);
  return file;
}

describe.skipIf(!isBuilt)('the built program (skipped where dist/ is not built: npm run build)', () => {
  it('runs a test and ends with its status', () => {
    const { status, stdout, stderr } = spawnSync('node', [bin, 'run', short], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('devmap ok, refcount ok');
  });

  it('shows no stack trace for a mistake of the user', () => {
    const { status, stderr } = spawnSync('node', [bin, 'run', 'nowhere.litmus'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'nowhere.litmus: no such file or folder\n' });
  });

  it('is silent when its reader has seen enough', () => {
    const many = join(root, 'litmus', 'devdax', 'fault');
    const command = `node ${bin} run ${many} --trace | head -n 1`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });

  it('prints what was done when it is interrupted', async () => {
    const child = spawn('node', [bin, 'run', '--scheme', 'refcount', short, longTest()]);
    let out = '';
    child.stdout.on('data', (piece: Buffer) => {
      const isFirst = out === '';
      out += piece.toString();
      if (isFirst) child.kill('SIGINT');
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(3);
    expect(out).toContain('pin-outlives-munmap');
    expect(out).toContain('refcount incomplete');
  });
});
